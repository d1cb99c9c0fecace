#!/bin/sh
set -a
. ./tool.env
docker run -d --env-file run.env ghcr.io/acme/worker:1
