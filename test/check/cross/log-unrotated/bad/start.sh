#!/bin/sh
LOG=/srv/model/model.log
nohup /srv/model/serve > "$LOG" 2>&1 &
