#!/bin/sh
docker run -d --env-file run.env ghcr.io/acme/worker:1
