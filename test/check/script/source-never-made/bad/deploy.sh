#!/bin/sh
set -e
install -m 755 server /opt/app/bin/server
systemctl restart app
