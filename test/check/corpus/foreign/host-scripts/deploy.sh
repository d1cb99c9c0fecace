#!/bin/bash
cd /opt/app
git pull
go build -o /usr/local/bin/app ./cmd/app
pkill -f app
nohup /usr/local/bin/app > /var/log/app.log 2>&1 &
sleep 2
curl http://localhost:8080/healthz
echo "deployed"
