#!/bin/bash
# Sets the host up. Run as root.
apt-get update
apt-get install -y python3-venv postgresql-client
useradd -r -s /usr/sbin/nologin transcriber
mkdir -p /opt/transcriber /etc/transcriber
cp -r app requirements.txt /opt/transcriber/
python3 -m venv /opt/transcriber/venv
/opt/transcriber/venv/bin/pip install -r /opt/transcriber/requirements.txt
chown -R transcriber:transcriber /opt/transcriber
cp etc/transcriber.env /etc/transcriber/env
cp units/*.service /etc/systemd/system/
curl -fsSL https://get.example.com/edge/install.sh | bash
systemctl daemon-reload
systemctl enable --now transcriber queue edge
ufw default deny incoming
ufw allow 8000/tcp
ufw --force enable
