#!/bin/sh
curl -f https://api.example.com/health
curl -f https://api.example.com:443/health
curl -f http://127.0.0.1:8080/health
curl -f http://other.example.com:8080/health
