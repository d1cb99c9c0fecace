#!/bin/sh
set -e
ufw allow 443/tcp
ufw enable
certbot certonly --dns-cloudflare --dns-cloudflare-credentials /root/cf.ini -d api.example.com
