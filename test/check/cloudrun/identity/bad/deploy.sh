#!/bin/sh
gcloud secrets add-iam-policy-binding api-key --member="serviceAccount:$ACCOUNT" --role=roles/secretmanager.secretAccessor
gcloud run deploy chat --image=ghcr.io/acme/chat:1.0.0 --region=europe-west1 --service-account=chat@p.iam.gserviceaccount.com \
  --set-secrets=API_KEY=api-key:3,DATABASE_URL=db-url:1
