#!/bin/sh
ufw allow 2222/tcp
ufw enable
