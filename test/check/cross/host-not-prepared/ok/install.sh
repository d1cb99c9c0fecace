#!/bin/sh
set -eu
TARGET=/opt/chat
install -d "$TARGET/bin"
install -m 755 chat "$TARGET/bin/chat"
cp chat.yaml chat.env /etc/chat/
git clone https://github.com/acme/web /srv/web
python3 -m venv /srv/web/.venv
/srv/web/.venv/bin/pip install -r /srv/web/requirements.txt
systemctl enable --now chat page web
