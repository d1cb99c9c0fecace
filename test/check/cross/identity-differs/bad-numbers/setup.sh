#!/bin/sh
set -e
mkdir -p ./data ./conf
sudo chown -R 1000:1000 ./data
sudo chown -R 1000:1000 ./conf
