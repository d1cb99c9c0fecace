#!/bin/sh
pg_dump chat > /var/backups/chat.sql
