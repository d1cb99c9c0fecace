#!/bin/sh
set -e
ufw allow OpenSSH
ufw allow 443/tcp
ufw allow 8000/tcp
ufw enable
