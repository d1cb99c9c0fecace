#!/bin/sh
gcloud projects add-iam-policy-binding p --member="serviceAccount:$ACCOUNT" --role=roles/secretmanager.secretAccessor
gcloud secrets add-iam-policy-binding other --member="serviceAccount:$ACCOUNT" --role=roles/secretmanager.secretAccessor
gcloud run deploy chat --image=ghcr.io/acme/chat:1.0.0 --region=europe-west1 --service-account=chat --set-secrets=API_KEY=api-key:3
