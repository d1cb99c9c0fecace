#!/bin/sh
umask 077
cat > /etc/default/worker <<EOF
API_KEY=$KEY
EOF
