#!/bin/sh
gcloud secrets add-iam-policy-binding api-key --member="serviceAccount:$ACCOUNT" --role=roles/secretmanager.secretAccessor
gcloud run deploy chat --image=ghcr.io/acme/chat:1.0.0 --region=europe-west1 --service-account "$ACCOUNT" --set-secrets=API_KEY=api-key:3
# It changes a service that is deployed elsewhere.
gcloud run services update web --region=europe-west1 --memory=1Gi
