#!/bin/sh
export API_KEY
docker run -d -e API_KEY -e MAX_TOKENS="$MAX_TOKENS" --env-file app.env app:1.0
printf '%s' "$API_KEY" | kubectl create secret generic app --from-file=api-key=/dev/stdin
echo "$REGISTRY_TOKEN" | docker login -u ci --password-stdin registry.example.com
PGPASSWORD="$DB_PASSWORD" psql -h db app
docker build --build-arg VERSION="$VERSION" --secret id=npm,env=NPM_TOKEN .
call() { curl -fsS --config "$1"; }
call "$API_TOKEN"
kubectl create secret generic app --from-literal=api-key=changeme
