#!/bin/sh
kubectl create secret generic by-hand --from-file=OTHER_KEY=/dev/stdin
