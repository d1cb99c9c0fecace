#!/bin/sh
set -eu
install -m 600 chat.env /etc/chat/chat.env
cp chat.env /etc/other/chat.env
chmod 640 /etc/other/chat.env
sudo install -d -m 750 /etc/closed
cp chat.env /etc/closed/chat.env
cp settings.env /etc/chat/settings.env
cp chat.env build/chat.env
cat > /etc/default/public <<EOF
PORT=8000
EOF
