#!/bin/sh
# curl http://api.example.com:8080/live
curl -f http://api.example.com:8080/health
