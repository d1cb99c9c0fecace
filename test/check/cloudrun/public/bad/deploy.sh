#!/bin/sh
gcloud run deploy chat --image=ghcr.io/acme/chat:1.0.0 --region=europe-west1 \
  --allow-unauthenticated
