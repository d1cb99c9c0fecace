#!/bin/sh
kubectl --context acme-staging apply -k overlays/staging
kubectl --context acme-production apply -k overlays/production
