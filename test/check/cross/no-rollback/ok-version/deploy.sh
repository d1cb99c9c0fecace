#!/bin/sh
docker build -t example/app:$VERSION .
docker compose up -d
