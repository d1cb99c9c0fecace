#!/bin/sh
docker run -d --name page --restart unless-stopped ghcr.io/acme/page:1.4.0
