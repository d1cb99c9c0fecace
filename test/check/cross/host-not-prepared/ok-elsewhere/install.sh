#!/bin/sh
set -eu
ansible-playbook -i hosts site.yml
systemctl restart chat
