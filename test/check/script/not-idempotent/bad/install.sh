#!/usr/bin/env bash
set -euo pipefail
useradd --system --home-dir /var/lib/app app
groupadd staff2
sudo adduser --system worker
mkdir /opt/app
ln -s /opt/app/current /opt/app/live
docker network create backend
kubectl create namespace ai
echo 'vm.swappiness = 10' >> /etc/sysctl.conf
echo 'export A=1' | tee -a /etc/profile
