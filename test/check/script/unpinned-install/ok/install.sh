#!/bin/sh
go install google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.0
npm install -g pm2@5.4.2
npm ci
npm install express
pip install --upgrade pip
pip install -r requirements.txt -e .
pip install 'gunicorn==23.0.0' ./wheels/app.whl
pip install -c constraints.txt gunicorn
curl -fsSLO https://example.com/install-1.2.sh
echo "$SUM  install-1.2.sh" | sha256sum -c && sh install-1.2.sh
curl -fsS https://example.com/data.json | python3 -c 'import json,sys; json.load(sys.stdin)'
kubectl apply -f https://github.com/cert-manager/cert-manager/releases/download/v1.16.1/cert-manager.yaml
cargo install --locked --version 14.1.0 ripgrep
apt-get install -y nginx
