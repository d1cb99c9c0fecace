#!/usr/bin/env bash
set -e
curl -fsS http://127.0.0.1:8080/health
code=$(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/health)
[ "$code" = 200 ]
curl -s http://127.0.0.1:8080/health | grep -q ok
curl -s http://127.0.0.1:8080/docs
if ps aux | grep '[s]erver'; then echo runs; fi
ps aux | grep server | grep -v grep
timeout 10 docker compose logs -f api
case $1 in
  logs) docker compose logs -f ;;
  stop) docker compose stop ;;
esac
docker compose -f compose.yaml logs api
journalctl -u chatbot -f
