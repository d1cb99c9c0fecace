#!/bin/sh
set -e
mkdir -p /var/backups
systemctl enable --now postgresql
