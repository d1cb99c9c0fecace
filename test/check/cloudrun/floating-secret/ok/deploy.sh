#!/bin/sh
# The secret is called latest.
gcloud run deploy web --image=ghcr.io/acme/web:1.0.0 --region=europe-west1 --set-secrets="A=latest:2,B=b:${VERSION}"
