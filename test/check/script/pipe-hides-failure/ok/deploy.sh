#!/bin/sh -e
docker compose pull
docker compose up -d
echo "exit $?"
