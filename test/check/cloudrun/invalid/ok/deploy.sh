#!/bin/sh
gcloud run deploy chat --image ghcr.io/acme/chat:1.0.0 --region europe-west1 --platform managed --no-cpu-throttling --timeout=60m --quiet
gcloud beta run domain-mappings create --service=chat --domain=chat.example.com --region=europe-west1
gcloud run services update-traffic chat --region=europe-west1 --to-latest
# A flag of tomorrow.
gcloud run deploy web --image=ghcr.io/acme/web:1.0.0 --region=europe-west1 --quantum-entanglement=on
gcloud run services list
gcloud run deploy api "${FLAGS[@]}"
