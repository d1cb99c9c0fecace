#!/bin/sh
docker run -d --name watcher --pid host --cap-add=ALL -v /var/run/docker.sock:/var/run/docker.sock ghcr.io/acme/watcher:2
