#!/bin/sh
kubectl apply --namespace ai -f all.yaml
