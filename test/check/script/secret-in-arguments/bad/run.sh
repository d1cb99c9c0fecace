#!/bin/sh
docker run -d -e API_KEY="$API_KEY" -e LOG_LEVEL="$LOG_LEVEL" --env=DB_PASSWORD=$POSTGRES_PASSWORD app:1.0
kubectl create secret generic app --from-literal=api-key="$API_KEY" --from-literal=user="$USER"
curl -fsS -H "Authorization: Bearer $API_TOKEN" https://api.example.com/v1
curl -fsS "https://bot:$BOT_TOKEN@example.com/hook"
psql "$DATABASE_URL" -c 'SELECT 1'
mysql -u root -p"$ROOT_PASSWORD" app
docker login -u ci -p "$REGISTRY_TOKEN" registry.example.com
