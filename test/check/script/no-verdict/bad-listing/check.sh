#!/bin/sh
set -e
docker ps
kubectl get pods
