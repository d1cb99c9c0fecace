#!/bin/sh
cd /srv/app || exit 1
docker compose pull
docker compose up -d
