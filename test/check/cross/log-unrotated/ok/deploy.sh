#!/bin/sh
docker run -d --name page --restart unless-stopped --log-opt max-size=10m ghcr.io/acme/page:1.4.0
docker run --rm ghcr.io/acme/smoke:1.0.0
