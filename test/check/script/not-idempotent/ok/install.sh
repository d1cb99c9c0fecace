#!/usr/bin/env bash
set -euo pipefail
id -u app >/dev/null 2>&1 || useradd --system app
if ! getent group staff2 >/dev/null; then
  groupadd staff2
fi
mkdir -p /opt/app
work=$(mktemp -d)
mkdir "$work/x"
ln -sfn /opt/app/current /opt/app/live
rm -rf build
mkdir build
docker network inspect backend >/dev/null 2>&1 || docker network create backend
kubectl create namespace ai --dry-run=client -o yaml | kubectl apply -f -
grep -q swappiness /etc/sysctl.conf || echo 'vm.swappiness = 10' >> /etc/sysctl.conf
echo 'vm.swappiness = 10' | sudo tee /etc/sysctl.d/10-app.conf >/dev/null
echo "$(date) installed" >> /var/log/app-install.log
sudo sh -c 'echo 1 > /etc/app/tune'
