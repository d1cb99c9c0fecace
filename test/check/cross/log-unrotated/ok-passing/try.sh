#!/bin/sh
set -e
kubectl port-forward svc/router 8080:80 > /tmp/forward.log 2>&1 &
sleep 3
