#!/usr/bin/env bash
APP_NAME=chatbot
cp server "/opt/$APP_NMAE/server"
docker push "$REGISTRY/$APP_NAME:1.2.3"
curl http://localhost:8080/items?page=1&size=2
mysqladmin --password $ROOT_PASSWORD ping
