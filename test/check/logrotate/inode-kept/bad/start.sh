#!/bin/sh
nohup /opt/worker/run >> /var/log/worker.log 2>&1 &
