#!/bin/sh
set -e
kubectl apply -k overlays/production
docker compose -f compose.prod.yaml up -d
gcloud run deploy api --image example/api:1.2.3 --region europe-west1
