#!/bin/sh
set -e
mkdir -p /etc/chat
cp chat.env /etc/chat/env
