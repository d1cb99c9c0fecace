#!/bin/sh
docker run -d --name web -p 80:80 --health-cmd 'curl -f localhost' nginx:1.29
docker run --rm -p 8080:80 nginx:1.29
