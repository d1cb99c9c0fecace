#!/bin/sh
ufw enable
