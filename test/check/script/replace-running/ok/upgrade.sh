#!/bin/sh
set -e
systemctl stop app
cp server /opt/app/bin/server
systemctl start app
systemctl restart app
