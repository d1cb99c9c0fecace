#!/usr/bin/env bash
# TAG is the version: TAG=1.2.3 ./deploy.sh
APP_NAME=chatbot
cp server "/opt/$APP_NAME/server"
docker push "${REGISTRY:?}/$APP_NAME:$TAG"
curl "http://localhost:8080/items?page=1&size=2"
curl http://localhost:8080/slow & wait
mysqladmin --password "$ROOT_PASSWORD" ping
export COPY_TOKEN=$ROOT_PASSWORD
cp a "$HOME/$GITHUB_SHA/b"
for FILE in a b; do cp "$FILE" "/opt/$FILE"; done
read -r ANSWER SECOND
cp x "/opt/$SECOND"
echo "$UNKNOWN_THING/x"
rm -f "$file/x"
: "${STATE_DIR:=/var/lib/app}"
mkdir -p "/srv/$STATE_DIR"
[ -z "$EXTRA_DIR" ] || cp a "/opt/$EXTRA_DIR"
