#!/bin/sh
grep '"level":"error"' /var/log/chat.log
