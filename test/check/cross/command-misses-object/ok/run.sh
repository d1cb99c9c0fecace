#!/bin/sh
set -eu
kubectl -n chat-prod rollout undo deployment/chat
kubectl get deployment chat --namespace=chat-prod
kubectl get pods -A -l app=chat
kubectl apply -f k8s.yaml
kubectl $WHERE logs deploy/chat
kubectl rollout status deployment/page
kubectl get nodes
docker compose logs -f api
docker logs acme-api-1
docker exec acme-db pg_isready
docker run -d --name smoke ghcr.io/acme/smoke:1.0.0
docker stop smoke
docker rm "$OLD"
docker rm 3f1c9a0b2d4e
docker stop -t 30 acme-db
