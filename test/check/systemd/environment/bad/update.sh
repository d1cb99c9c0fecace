#!/bin/sh
set -eu
cp chat.env /etc/chat/chat.env
sudo systemctl reload chat
systemctl restart chat.service
git -C /opt/chat pull
pip install -r requirements.txt
systemctl reload chat.service
