#!/bin/sh
gcloud run deploy web --image=ghcr.io/acme/web:1.0.0 --region=europe-west1 --memory=1Gi --concurrency=80 --min-instances=1
