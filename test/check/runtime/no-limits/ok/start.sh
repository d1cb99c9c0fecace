#!/bin/sh
docker run -d -m 512m ghcr.io/acme/embedder:3
docker run --rm ghcr.io/acme/tool:3
