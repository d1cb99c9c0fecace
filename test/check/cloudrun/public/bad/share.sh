#!/bin/sh
gcloud run services add-iam-policy-binding web --region=europe-west1 --member=allUsers --role=roles/run.invoker
