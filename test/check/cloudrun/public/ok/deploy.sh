#!/bin/sh
gcloud run deploy chat --image=ghcr.io/acme/chat:1.0.0 --region=europe-west1 --no-allow-unauthenticated
gcloud run services add-iam-policy-binding chat --region=europe-west1 --member=serviceAccount:web@p.iam.gserviceaccount.com --role=roles/run.invoker
