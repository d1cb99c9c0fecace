#!/bin/sh
ufw default deny incoming
ufw allow 22/tcp from 10.0.0.1
ufw allow from db.example.com to any port 5432
ufw allow 80,443
ufw allow 6000-6007/tcp
ufw allow from 10.0.0.0/8 22
ufw allow port 80
ufw open 443
ufw allow from 10.0.0.0/33 to any port 22
ufw default incoming deny
ufw allow from 10.0.0.1 to any port 5432 port 5433
