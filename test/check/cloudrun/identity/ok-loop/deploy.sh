#!/bin/sh
for secret in api-key db-url; do
  gcloud secrets add-iam-policy-binding "$secret" --member="serviceAccount:$ACCOUNT" --role=roles/secretmanager.secretAccessor
done
gcloud run deploy chat --image=ghcr.io/acme/chat:1.0.0 --region=europe-west1 --service-account=chat --set-secrets=API_KEY=api-key:3
