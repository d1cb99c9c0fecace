#!/bin/sh
/opt/once/run >> /var/log/once.log 2>&1
