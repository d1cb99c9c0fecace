#!/bin/sh
kubectl -n prod set image deployment/chat chat="ghcr.io/acme/chat:$1"
