#!/bin/sh
ufw allow OpenSSH
ufw allow 443/tcp
ufw allow 8000/tcp
ufw allow 5432
ufw allow from any to any port 9100 proto tcp
ufw allow redis
