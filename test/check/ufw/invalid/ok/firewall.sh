#!/bin/sh
ufw --force reset
ufw default deny incoming
ufw default allow outgoing
ufw limit ssh comment 'administrators, please'
ufw allow 80,443/tcp
ufw allow 6000:6007/udp
ufw allow from 10.0.0.0/8 to any port 5432 proto tcp
ufw allow proto tcp from 2001:db8::/32 to any port 22
ufw allow in on tailscale0
ufw insert 1 deny from 192.0.2.1
ufw route allow in on eth0 out on eth1 to 10.0.0.2 port 80
ufw allow from "$ADMIN" port 22 wherever
ufw delete allow 8000
ufw logging medium
ufw --force enable
ufw status numbered
