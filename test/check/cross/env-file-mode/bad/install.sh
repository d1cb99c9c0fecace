#!/bin/sh
set -eu
sudo cp chat.env /etc/chat/chat.env
install -m 644 chat.env /etc/other/chat.env
install -o root chat.env /srv/chat.env
cat > /etc/default/worker <<EOF
API_KEY=$KEY
EOF
