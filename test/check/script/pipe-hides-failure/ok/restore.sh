#!/bin/sh
docker compose stop app || exit 1
docker compose run --rm restore
if [ $? -ne 0 ]; then echo failed; fi
docker compose start app
