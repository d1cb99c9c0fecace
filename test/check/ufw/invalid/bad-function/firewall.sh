#!/bin/bash
flags=()
rule() { ufw ${flags[@]+"${flags[@]}"} "$@" >/dev/null || exit 1; }
rule default deny incoming
rule allow 80,443
