#!/bin/sh
docker build -t example/app:latest .
docker compose up -d
