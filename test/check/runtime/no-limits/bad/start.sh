#!/bin/sh
docker run -d ghcr.io/acme/embedder:3
