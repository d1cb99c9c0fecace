#!/bin/sh
ufw default deny incoming
ufw allow 22/tcp
ufw allow 443/tcp
ufw allow from 10.0.0.5 to any port 9100 proto tcp
ufw --force enable
