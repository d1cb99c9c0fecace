#!/bin/sh
set -eu
kubectl -n chat set image deployment/chat "chat=registry.example.com/chat@$DIGEST"
kubectl -n chat rollout status deployment/chat --timeout 5m || {
  kubectl -n chat rollout undo deployment/chat
  exit 1
}
