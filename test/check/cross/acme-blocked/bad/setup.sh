#!/bin/sh
set -e
ufw default deny incoming
ufw allow OpenSSH
ufw allow 443/tcp
ufw allow from 10.0.0.0/8 to any port 80 proto tcp
ufw --force enable
certbot certonly --webroot -w /var/www/acme -d api.example.com
