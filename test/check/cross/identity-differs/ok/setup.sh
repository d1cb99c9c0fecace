#!/bin/sh
chown -R 10001 ./data
