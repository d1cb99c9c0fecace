#!/bin/sh
docker run -d --name chat -p 8080:8080 ghcr.io/acme/chat:1.0.0
