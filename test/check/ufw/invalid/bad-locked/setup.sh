#!/bin/sh
sudo ufw default deny incoming
sudo ufw allow 'Nginx Full'
sudo ufw --force enable
sudo ufw allow OpenSSH
