#!/bin/sh
gcloud run deploy chat --image=ghcr.io/acme/chat:1.0.0 --timeout=90m --to-latest --set-env-vars=PORT=8080,A=1
gcloud run services update chat --region=europe-west1 --allow-unauthenticated
gcloud run deploy web --image=ghcr.io/acme/web:1.0.0 --region=europe-west1 --max-instance=4
gcloud run domain-mappings create --service=chat --domain=chat.example.com
gcloud run worker-pools deploy jobs --image=ghcr.io/acme/jobs:1.0.0 --region=europe-west1
