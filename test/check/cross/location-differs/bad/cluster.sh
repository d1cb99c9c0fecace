#!/bin/sh
gcloud container clusters create-auto ai --region=europe-west1
