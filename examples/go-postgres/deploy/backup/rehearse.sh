#!/usr/bin/env bash
# Restores the newest backup of ai_agents into a scratch database, counts every row, and drops it again: what no
# one has restored is no backup. Run it each quarter at least. Flags are those of restore.sh, such as --identity.
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/restore.sh" latest --rehearse "$@"
