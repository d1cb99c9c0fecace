#!/usr/bin/env bash
set -euo pipefail
kubectl create secret generic app --from-literal=OPENAI_API_KEY=$OPENAI_API_KEY
kubectl apply -f k8s/
kubectl scale deployment/app --replicas=1
docker run -d --name app -p 8080:8080 -e OPENAI_API_KEY=$OPENAI_API_KEY registry.example.com/app
docker logs -f app
