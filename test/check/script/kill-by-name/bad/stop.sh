#!/bin/sh
pkill -f chatbot-server
killall node
kill -9 $(pgrep -f worker.py)
kill "$(ps aux | grep '[s]erver' | awk '{print $2}')"
