#!/bin/sh
pg_dump --format=custom --file=/backup/chat.dump chat
