#!/bin/sh
install -m 755 server /opt/app/server
systemctl restart app
