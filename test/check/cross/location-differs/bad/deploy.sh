#!/bin/sh
gcloud container clusters get-credentials ai --zone=europe-west1-b  # for kubectl
gcloud run deploy chat --image=ghcr.io/acme/chat:1.0.0 --region europe-west1
gcloud run services describe chat --region us-central1
