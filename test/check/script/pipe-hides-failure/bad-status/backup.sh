#!/bin/bash
set -eo pipefail
pg_dump -Fc app > app.dump
echo "dumped"
if [ $? -ne 0 ]; then
  exit 1
fi
