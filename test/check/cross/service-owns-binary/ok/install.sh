#!/bin/sh
set -eu
chown -R chat:chat /opt/chat
# The program stays root's.
chown -R root:root /opt/chat/bin
chown chat /opt/chat /var/lib/chat
chown root:chat /etc/chat/chat.env
chmod 755 /opt/chat/bin/chat
chmod 640 /etc/chat/chat.env
chown -R page:page /opt/page
