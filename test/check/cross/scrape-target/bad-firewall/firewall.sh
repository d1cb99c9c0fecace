#!/bin/sh
ufw default deny incoming
ufw allow 22/tcp
ufw allow 443/tcp
ufw --force enable
