#!/bin/sh
set -eu
install -d /etc/chat
install -m 644 chat.service /etc/systemd/system/chat.service
systemctl daemon-reload
systemctl enable --now chat
