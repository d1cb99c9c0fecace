#!/bin/sh
cp server /opt/app/bin/server
systemctl enable --now app
