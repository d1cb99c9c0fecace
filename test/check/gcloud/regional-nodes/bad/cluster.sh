#!/bin/sh
REGION=europe-west1
gcloud container clusters create ai --region="$REGION" --num-nodes=3 --enable-autoscaling --min-nodes=1 --max-nodes=5
gcloud container node-pools create gpu --cluster=ai --location=europe-west1 --num-nodes 2
