#!/bin/sh
set -eu
APP=/opt/chat
mkdir -p "$APP"/{data,cache} /srv/uploads
sudo install -d -m 750 /etc/chat/certs
