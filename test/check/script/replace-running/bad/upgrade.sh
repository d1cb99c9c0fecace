#!/bin/sh
set -e
BIN=/opt/app/bin
sudo cp build/server "$BIN/server"
sudo systemctl restart app
