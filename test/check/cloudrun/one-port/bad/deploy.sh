#!/bin/sh
gcloud run deploy web --image=ghcr.io/acme/web:1.0.0 --region=europe-west1 --set-env-vars=METRICS_PORT=9090,GRPC_PORT=8080
