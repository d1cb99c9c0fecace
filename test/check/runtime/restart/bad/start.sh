#!/bin/sh
docker run -d --name embedder ghcr.io/acme/embedder:3
