#!/bin/sh
docker run -d --restart unless-stopped ghcr.io/acme/embedder:3
docker run -d --rm --name probe ghcr.io/acme/probe:3
