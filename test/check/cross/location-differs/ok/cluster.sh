#!/bin/sh
REGION=europe-west1
gcloud container clusters create ai --region="$REGION" --num-nodes=1
gcloud container clusters get-credentials ai --region=europe-west1
gcloud container clusters get-credentials other --zone=us-central1-a
gcloud run deploy chat --image=ghcr.io/acme/chat:1.0.0 --region=europe-west1
gcloud run deploy chat --image=ghcr.io/acme/chat:1.0.0 --region=us-east1
gcloud run services describe chat --region=us-east1
gcloud container clusters create later --region="$1" --num-nodes=1
gcloud container clusters get-credentials later --zone=us-central1-a
