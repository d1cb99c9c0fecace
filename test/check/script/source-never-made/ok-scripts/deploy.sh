#!/bin/sh
KEEP=/opt/app/previous
cp -a /opt/app/current "$KEEP"
install -m 755 server /opt/app/current/server
