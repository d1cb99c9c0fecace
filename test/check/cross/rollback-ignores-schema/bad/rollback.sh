#!/bin/sh
kubectl rollout undo deployment/api
