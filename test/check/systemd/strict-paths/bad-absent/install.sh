#!/bin/sh
set -eu
mkdir -p /opt/chat/bin /srv/chatty
