#!/bin/sh
docker compose exec -T vectors curl localhost:6333
