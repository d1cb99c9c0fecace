#!/bin/sh
docker run -d --name web -p 80:80 nginx:1.29
