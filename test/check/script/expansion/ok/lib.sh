#!/bin/sh
. ./common.sh
NAME=1
cp a "/opt/$COMMON_DIR"
