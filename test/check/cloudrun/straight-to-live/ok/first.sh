#!/bin/sh
curl --fail http://localhost:8080/health
gcloud run deploy web --image=ghcr.io/acme/web:1.0.0 --region=europe-west1
