#!/bin/sh
cp /opt/app/server.bak /opt/app/server
