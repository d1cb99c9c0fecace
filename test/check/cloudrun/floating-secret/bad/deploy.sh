#!/bin/sh
gcloud run deploy web --image=ghcr.io/acme/web:1.0.0 --region=europe-west1 \
  --set-secrets="A=a:latest,B=b:4" --update-secrets '^;^/etc/c=c:latest;D=d:1'
