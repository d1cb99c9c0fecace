#!/bin/sh
set -e
ufw allow OpenSSH
ufw allow 443/tcp
ufw allow from 10.0.0.0/8 to any port 8000 proto tcp
ufw enable
