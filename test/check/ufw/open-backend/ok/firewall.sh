#!/bin/sh
ufw allow OpenSSH
ufw allow 443/tcp
ufw deny 8000/tcp
ufw allow out 5432
ufw delete allow 5432
ufw allow from 10.0.0.5 to any port 5432 proto tcp
ufw allow in on wg0 to any port 9100 proto tcp
ufw allow from any to 127.0.0.1 port 6379
ufw allow 8080/tcp
