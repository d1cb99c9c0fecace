#!/bin/sh
set -eu
docker build -t chat:1.4.0 .
trivy image chat:latest
docker push ghcr.io/acme/chat:1.4.0
