#!/bin/sh
set -eu
cp chat.env /etc/chat/chat.env
systemctl restart chat
pip install -r requirements.txt
systemctl reload chat
cp site.conf /etc/nginx/conf.d/
systemctl reload nginx
