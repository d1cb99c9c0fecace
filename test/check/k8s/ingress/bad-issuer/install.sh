#!/bin/sh
helm install cert-manager jetstack/cert-manager --namespace cert-manager
