#!/usr/bin/env bash
set -e
curl -s http://127.0.0.1:8080/health
if curl -sS -o /dev/null "$BASE_URL/ready"; then echo ready; fi
until curl -s localhost:8080/healthz; do sleep 1; done
if ps aux | grep server > /dev/null; then echo runs; fi
docker compose logs -f api
journalctl -u chatbot -f
echo done
