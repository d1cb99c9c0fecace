#!/bin/sh
gcloud run deploy api --image example/api:1.2.3 --region europe-west1
