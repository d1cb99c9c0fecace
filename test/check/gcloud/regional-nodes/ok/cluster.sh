#!/bin/sh
gcloud container clusters create ai --region=europe-west1 --num-nodes=1
gcloud container clusters create zonal --zone=europe-west1-b --num-nodes=3
gcloud container clusters create here --location=europe-west1-b --num-nodes=3
gcloud container clusters create two --region=europe-west1 --node-locations=europe-west1-b --num-nodes=3
gcloud container clusters create-auto auto --region=europe-west1
