#!/bin/sh
set -e
ufw allow 'Nginx Full'
ufw limit 22/tcp comment 'SSH'
ufw enable
certbot certonly --webroot -w /var/www/acme -d api.example.com
certbot --nginx -d www.example.com
