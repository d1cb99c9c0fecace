#!/bin/sh
set -e
kubectl apply -k overlays/production
kubectl rollout status deployment/api
