#!/bin/sh
backup --all
