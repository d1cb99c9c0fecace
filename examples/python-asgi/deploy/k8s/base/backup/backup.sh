#!/usr/bin/env bash
# Backs up beyondcloud, the database of beyondcloud-python. --help tells the flags.
set -euo pipefail
umask 077

usage() {
  cat <<'USAGE'
backup.sh [--reason WORD]
  --reason WORD  why: schedule (when omitted), pre-deploy, pre-restore, manual
It ends with 0 when a new backup is there, read back, checked; 1 when there is none;
2 for wrong usage; 75 when another run is under way.
The files of a backup are <database>_<time>.dump (pg_dump's custom format), .roles.sql, .manifest and .sha256.
BACKUP_VIA, _HOST, _PORT, _DIR and _STATE, PGPASSFILE and PGSSLROOTCERT say where, when it is elsewhere.
USAGE
}

program=${0##*/}
unit=beyondcloud-python-backup database=beyondcloud role=beyondcloud_backup project=beyondcloud-python state=/var/lib/beyondcloud-python-backup
# How the server is reached: host (by this machine's own programs) or compose (by those in the container db).
via=host host=127.0.0.1 port=5432
dir=/backups/beyondcloud-python
# Of another place, such as a job in Kubernetes; everything else is the configuration's.
via=${BACKUP_VIA:-$via} host=${BACKUP_HOST:-$host} port=${BACKUP_PORT:-$port} dir=${BACKUP_DIR:-$dir}
state=${BACKUP_STATE:-$state}

# Set where this script itself decides what to end with: a command that fails may end with any number.
told=''
say() { printf '%s %s: %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$program" "$*" >&2; }
die() { say "$*"; exit 1; }
leave() { told=$1; exit "$1"; }
misuse() { say "$*"; usage >&2; leave 2; }

# Passwords come from a file that libpq reads itself: they are in no argument and no variable.
passwords=/etc/beyondcloud-python-backup/pgpass
if [ -z "${PGPASSFILE:-}" ] && [ -r "$passwords" ]; then export PGPASSFILE=$passwords; fi
tls=disable
export PGAPPNAME=$unit PGCONNECT_TIMEOUT=5 PGSSLMODE=${PGSSLMODE:-$tls}
export LC_ALL=C

# needs COMMAND...
needs() {
  local command
  for command in "$@"; do command -v "$command" >/dev/null || die "$command is not installed here"; done
}

# client PROGRAM ARGUMENT...: a program of PostgreSQL's client. It gets files by standard input alone, since inside of
# a container it sees none of ours.
client() {
  if [ "$via" = compose ]; then docker compose --project-name "$project" exec -T db "$@"; else ${as[@]+"${as[@]}"} "$@"; fi
}

# log_in ROLE: as whom the programs are to come, in `login`.
log_in() {
  login=(--no-password --username "$1" --port "$port") as=()
  if [ "$via" = host ] && [ -n "$host" ]; then login+=(--host "$host"); fi
}

# sql DATABASE [FLAG...]: runs the statements of standard input; plain rows, fields between tabs.
sql() {
  local name=$1; shift
  client psql "${login[@]}" --dbname "$name" --no-psqlrc --quiet --no-align --tuples-only --field-separator $'\t' \
    --set ON_ERROR_STOP=1 "$@"
}

server_version() { sql "$1" <<<'SHOW server_version_num'; }
client_version() { client "$1" --version </dev/null | sed -n 's/^[^0-9]*\([0-9]*\).*/\1/p'; }

# tables: those whose rows a dump holds, named as it names them. What an extension brings is the extension's.
tables() {
  cat <<'SQL'
SELECT format('"%s"."%s"', replace(nspname, '"', '""'), replace(relname, '"', '""')) AS named
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind = 'r' AND relpersistence <> 't' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
  AND nspname || relname !~ '[[:cntrl:]]'
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
SQL
}

# count DATABASE: each table and the number of its rows, as `rows` has it.
count() {
  sql "$1" <<SQL | sort
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT format('SELECT %L, count(*) FROM ONLY %s', named, named) FROM ($(tables)) AS each \gexec
SQL
}

# rows DUMP: each table and the number of its rows, which reads the dump to its end.
rows() {
  client pg_restore --data-only --file - <"$1" | awk '
    inside && $0 == "\\." { print table "\t" count; inside = 0; next }
    inside { count++; next }
    /^COPY ".* FROM stdin;$/ && match($0, /^COPY "([^"]|"")*"\."([^"]|"")*"/) {
      table = substr($0, 6, RLENGTH - 5); count = 0; inside = 1
    }
    END { if (inside) exit 1 }' | sort
}

# field FILE NAME: of a manifest.
field() { awk -F '\t' -v name="$2" '$1 == name { print substr($0, length(name) + 2) }' "$1"; }

# backups: the names of those that are whole, newest first. The list of checksums is the last file to appear.
backups() {
  local file
  for file in "$dir/${database}_"*.sha256; do
    [ -e "$file" ] || continue
    file=${file##*/} file=${file%.sha256}
    [[ ${file#"${database}_"} =~ ^[0-9]{8}T[0-9]{6}Z$ ]] && printf '%s\n' "$file"
  done | sort -r
}

# is_sound NAME: whether its files are what they were.
is_sound() { (cd "$dir" && sha256sum --check --status "$1.sha256") 2>/dev/null; }

account=beyondcloud-python-backup last_success=aideploy_backup_last_success_timestamp_seconds
keep_days=30 keep_at_least=7
reason=schedule
while [ $# -gt 0 ]; do
  case $1 in
    --reason) [[ ${2:-} =~ ^[a-z][a-z-]*$ ]] || misuse '--reason needs a word'; reason=$2; shift ;;
    --help | -h) usage; exit 0 ;;
    *) misuse "unknown flag $1" ;;
  esac
  shift
done

# What root would make, the account could not read later.
if [ "$(id -u)" = 0 ] && id -u "$account" >/dev/null 2>&1; then
  exec runuser -u "$account" -- "$0" --reason "$reason"
fi

started=$(date +%s) name='' partial='' outcome=0 size=0
log_in "$role"

# --- what becomes of it, for node_exporter's textfile collector: whole or not at all ---

metric() { printf '# HELP %s %s\n# TYPE %s gauge\n%s{database="%s"} %s\n' "$1" "$2" "$1" "$1" "$database" "$3"; }

metrics() {
  local file=$state/$unit.prom last now
  now=$(date +%s)
  last=$(awk -v name="$last_success{" 'index($0, name) == 1 { print $NF }' "$file" 2>/dev/null) || true
  if [ "$outcome" = 1 ]; then last=$now; fi
  {
    metric "$last_success" 'When a backup was last made and checked.' "${last:-0}"
    metric aideploy_backup_last_run_timestamp_seconds 'When one was last tried.' "$now"
    metric aideploy_backup_last_run_succeeded 'Whether the last try did.' "$outcome"
    metric aideploy_backup_duration_seconds 'How long the last try took.' "$((now - started))"
    metric aideploy_backup_kept 'How many backups are here.' "$(backups | wc -l)"
    if [ "$outcome" = 1 ]; then metric aideploy_backup_size_bytes 'Of the newest backup.' "$size"
    else grep -F aideploy_backup_size_bytes "$file" 2>/dev/null || true; fi
  } >"$file.new" && chmod 644 "$file.new" && mv "$file.new" "$file"
}

finish() {
  local status=$?
  trap - EXIT
  if [ "$status" != 0 ]; then status=${told:-1}; fi
  if [ -n "$partial" ]; then rm -rf "$partial"; fi
  if [ "$status" != 0 ] && [ "$status" != 3 ]; then say "no backup was made (status $status); the earlier ones are as they were"; fi
  if ! metrics; then say "no metrics could be written to $state"; fi
  exit "$status"
}
trap finish EXIT
trap 'leave 129' HUP
trap 'leave 130' INT
trap 'leave 143' TERM

# --- before: can it be done at all ---

needs awk df flock sha256sum
if [ "$via" = compose ]; then needs docker; else needs pg_dump pg_dumpall pg_restore psql; fi
[ -d "$dir" ] || die "$dir is not there: deploy/backup/install.sh makes it"
exec 9>"$dir/.lock"
# The other run says what becomes of it.
flock --nonblock 9 || { trap - EXIT; say 'another run is under way'; exit 75; }

check_versions() {
  local server mine
  server=$(server_version "$database") || die "$database cannot be reached as $role: see the message above"
  mine=$(client_version pg_dump)
  [ "$mine" -ge $((server / 10000)) ] ||
    die "pg_dump $mine cannot read a server of version $((server / 10000)): install postgresql-client-$((server / 10000))"
}

# The last backup and a fifth more, or half of the database where there is none yet.
check_space() {
  local last need free
  last=$(backups | head -n 1)
  if [ -n "$last" ]; then need=$(($(field "$dir/$last.manifest" bytes) * 12 / 10))
  else need=$(($(sql "$database" <<<'SELECT pg_database_size(current_database())') / 2)); fi
  free=$(df -Pk "$dir" | awk 'END { for (i = NF; i > 1; i--) if ($i ~ /^[0-9]+%$/) { printf "%.0f", $(i - 1) * 1024; exit } }')
  [ "$free" -gt "$need" ] || die "$dir has $free bytes left and a backup needs about $need"
}

# --- the backup ---

# What belongs to a database and is in no dump of it, as statements for any database that takes its place.
properties() {
  sql "$database" <<'SQL'
SELECT 'create', concat_ws(' ', format('ENCODING %L LC_COLLATE %L LC_CTYPE %L', pg_encoding_to_char(encoding), datcollate, datctype),
  CASE to_jsonb(d)->>'datlocprovider'
    WHEN 'i' THEN format('LOCALE_PROVIDER icu ICU_LOCALE %L', coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale'))
    WHEN 'b' THEN format('LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', to_jsonb(d)->>'datlocale') END)
FROM pg_database d WHERE datname = current_database();
SELECT 'owner', quote_ident(pg_get_userbyid(datdba)) FROM pg_database WHERE datname = current_database();
SELECT 'property', 'REVOKE ALL ON DATABASE :"target" FROM PUBLIC;';
SELECT 'property', format('GRANT %s ON DATABASE :"target" TO %s%s;', privilege_type,
  CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END)
FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) WHERE datname = current_database();
SELECT 'property', format('ALTER DATABASE :"target" CONNECTION LIMIT %s;', datconnlimit)
FROM pg_database WHERE datname = current_database() AND datconnlimit >= 0;
SELECT 'property', format('ALTER %s SET %I TO %s;',
  CASE setrole WHEN 0 THEN 'DATABASE :"target"' ELSE format('ROLE %I IN DATABASE :"target"', pg_get_userbyid(setrole)) END,
  split_part(setting, '=', 1),
  -- A list is stored as it is written.
  CASE WHEN split_part(setting, '=', 1) IN ('search_path', 'temp_tablespaces', 'local_preload_libraries', 'session_preload_libraries')
    THEN substr(setting, strpos(setting, '=') + 1) ELSE quote_literal(substr(setting, strpos(setting, '=') + 1)) END)
FROM pg_db_role_setting, unnest(setconfig) AS setting
WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()) AND setting !~ '[[:cntrl:]]';
SQL
}

# A name that no other backup has, also when the clock was set back.
choose_name() {
  while name=${database}_$(date -u +%Y%m%dT%H%M%SZ) &&
    { [ -e "$dir/$name.sha256" ] || [ -e "$dir/$name.manifest" ]; }; do sleep 1; done
}

dump() {
  local file=$partial/$name
  sql "$database" <<<"$(tables)" | sort >"$partial/tables"
  client pg_dump "${login[@]}" --dbname "$database" --format custom --quote-all-identifiers --lock-wait-timeout 600000 \
    </dev/null >"$file.dump"
  client pg_dumpall "${login[@]}" --database "$database" --roles-only --no-role-passwords </dev/null >"$file.roles.sql"
  grep -q '^CREATE ROLE' "$file.roles.sql" || die 'the roles could not be read'

  # Read back: the table of contents, every row, and nothing missing that the server has.
  client pg_restore --list <"$file.dump" | grep -c '^; Archive created at' >/dev/null || die 'the dump has no table of contents'
  rows "$file.dump" >"$partial/rows" || die 'the dump cannot be read to its end'
  cut -f 1 "$partial/rows" | comm -23 "$partial/tables" - >"$partial/missing"
  [ ! -s "$partial/missing" ] || die "the dump lacks $(head -n 1 "$partial/missing"): were migrations run meanwhile? Run it again"
  properties >"$partial/properties"
}

manifest() {
  local file=$partial/$name
  size=$(wc -c <"$file.dump")
  {
    printf 'aideploy-backup\t1\nname\t%s\ndatabase\t%s\nreason\t%s\n' "$name" "$database" "$reason"
    printf 'created\t%s\nserver\t%s\nclient\t%s\n' "$started" "$(server_version "$database")" "$(client_version pg_dump)"
    printf 'bytes\t%s\nsha256\t%s\n' "$size" "$(sha256sum <"$file.dump" | cut -d ' ' -f 1)"
    cat "$partial/properties"
    # Rows that an extension keeps count as the extension's.
    awk -F '\t' 'NR == FNR { known[$1]; next } $1 in known { print "rows\t" $0 }' "$partial/tables" "$partial/rows"
  } >"$file.manifest"
}

# Each file takes its place by a rename, the checksums last: without them it is no backup.
publish() {
  local file
  (cd "$partial" && sha256sum "$name".dump* "$name".roles.sql* "$name.manifest" >"$name.sha256" && sync ./*)
  for file in "$partial/$name".dump* "$partial/$name".roles.sql* "$partial/$name.manifest" "$partial/$name.sha256"; do
    mv "$file" "$dir/"
  done
  sync "$dir"
  is_sound "$name" || die "$name is not what was written: is the disk failing?"
}

# Only the schedule deletes: what is about to be restored must not go for the dump that is made before it.
# Only those past their age go, and never one of the newest that are sound. The checksums go first: what is left of a
# backup after a crash is none.
retain() {
  local each limit sound=0 expired=() created newest
  newest=$(backups | head -n 1)
  if [ "$newest" != "$name" ]; then say "the clock is behind $newest: nothing is deleted"; return; fi
  limit=$((started - keep_days * 86400))
  while read -r each; do
    created=$(field "$dir/$each.manifest" created)
    if [[ $created =~ ^[0-9]+$ ]] && [ "$created" -lt "$limit" ]; then expired+=("$each"); fi
  done < <(backups)
  [ ${#expired[@]} -gt 0 ] || return 0
  while read -r each; do
    if [ "$sound" -lt "$keep_at_least" ]; then
      if is_sound "$each"; then sound=$((sound + 1)); else say "$each is damaged: it counts for nothing"; fi
    elif [[ " ${expired[*]} " = *" $each "* ]]; then
      rm -f "$dir/$each.sha256" && rm -f "$dir/$each".{dump,roles.sql}{,.age} "$dir/$each.manifest"
      say "deleted $each: older than $keep_days days"
    fi
  done < <(backups)
}

check_versions
# What a run that was killed left behind; nobody else is at work, since the lock is ours.
rm -rf "$dir"/.partial-*
check_space
choose_name
partial=$(mktemp -d "$dir/.partial-XXXXXX")
dump
manifest
publish
outcome=1
if [ "$reason" = schedule ]; then retain; fi
say "$name: $size bytes, $(field "$dir/$name.manifest" rows | awk -F '\t' '{ n += $2 } END { printf "%d rows in %d tables", n, NR }'), read back and checked"
printf '%s\n' "$name"
