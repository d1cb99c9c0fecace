#!/bin/sh
set -e
kubectl apply -f k8s/namespace.yaml
kubectl create secret generic a --dry-run=client -o yaml | kubectl apply -f -
kubectl apply -f k8s/
kubectl rollout status deployment/api
