#!/bin/sh
systemctl stop chatbot
pkill -F /run/chatbot.pid
pkill -0 chatbot && echo runs
kill "$(cat /run/chatbot.pid)"
kill -TERM "$pid"
pkill -P $$
