#!/usr/bin/env bash
# Restores beyondcloud, the database of beyondcloud-python, from a backup: into a database of its own, which takes the live
# one's place only when every row of the backup is in it. --help tells the flags.
set -euo pipefail
umask 077

usage() {
  cat <<'USAGE'
restore.sh --list
restore.sh NAME|latest [flag...]   stop the service first: what it writes meanwhile is lost
  --dry-run              checks the backup, says what would be lost and what would be done, and does nothing
  --yes                  does not ask
  --rehearse             into a scratch database that is dropped again; the live one is not touched
  --admin ROLE           who may make and rename databases (postgres)
  --identity FILE        age's, for an encrypted backup
  --without-safety-dump  for a live database that cannot be dumped any more; it is kept under another name all the same
It ends with 0 when it is done; 1 when it is not, and then the live database is as it was; 2 for wrong usage; 75 when
another one is under way.
BACKUP_VIA, _HOST, _PORT and _DIR, PGPASSFILE and PGSSLROOTCERT say where, when it is elsewhere.
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

beside=true
needed_roles=(beyondcloud_owner beyondcloud beyondcloud_backup)
chosen='' list=no dry=no yes=no rehearse=no safety=yes admin=postgres identity=''
while [ $# -gt 0 ]; do
  case $1 in
    --list) list=yes ;;
    --dry-run) dry=yes ;;
    --yes | -y) yes=yes ;;
    --rehearse) rehearse=yes ;;
    --without-safety-dump) safety=no ;;
    --admin) admin=${2:?--admin needs a role}; shift ;;
    --identity) identity=${2:?--identity needs a file}; shift ;;
    --help | -h) usage; exit 0 ;;
    -*) misuse "unknown flag $1" ;;
    *) [ -z "$chosen" ] || misuse 'one backup at a time'; chosen=$1 ;;
  esac
  shift
done

show_backups() {
  local each
  while read -r each; do
    printf '%s\t%s\t%s bytes\t%s rows\t%s\n' "$each" "$(field "$dir/$each.manifest" reason)" \
      "$(field "$dir/$each.manifest" bytes)" "$(field "$dir/$each.manifest" rows | awk -F '\t' '{ n += $2 } END { print n + 0 }')" \
      "$(if is_sound "$each"; then echo sound; else echo DAMAGED; fi)"
  done < <(backups)
}

if [ "$list" = yes ]; then show_backups; exit 0; fi
[ -n "$chosen" ] || misuse 'which backup? --list names them'
needs awk flock sha256sum
if [ "$via" = compose ]; then needs docker; else needs pg_restore psql; fi
if [ "$chosen" = latest ]; then chosen=$(backups | head -n 1); fi
[ "${chosen##*/}" = "$chosen" ] || misuse "$chosen is no name of a backup; --list names them"
[ -n "$chosen" ] || die "there is no backup in $dir"
[ -e "$dir/$chosen.sha256" ] || die "$dir has no backup named $chosen; --list names them"
manifest=$dir/$chosen.manifest

exec 8>"$dir/.restore.lock"
flock --nonblock 8 || { say 'another restore is under way'; exit 75; }

log_in "$admin"
# Beside the service the superuser comes in by the socket, which asks for the account and for no password.
if [ "$beside" = true ] && [ "$via" = host ] && [ -z "${BACKUP_HOST:-}" ] && [ "$(id -u)" = 0 ]; then
  login=(--no-password --username "$admin" --port "$port") as=(runuser -u postgres --)
fi

now=$(date -u +%Y%m%dT%H%M%SZ)
# Names have 63 bytes at most.
base=${database:0:36} target='' work=''
before=${base}_before_$now

finish() {
  local status=$?
  trap - EXIT
  if [ "$status" != 0 ]; then status=${told:-1}; fi
  if [ -n "$target" ]; then drop "$target" || say "$target could not be dropped: drop it yourself"; fi
  if [ -n "$work" ]; then rm -rf "$work"; fi
  if [ "$status" != 0 ]; then say "not restored (status $status); $database is as it was"; fi
  exit "$status"
}
trap finish EXIT
trap 'leave 129' HUP
trap 'leave 130' INT
trap 'leave 143' TERM

drop() { sql postgres --set target="$1" <<<'DROP DATABASE IF EXISTS :"target";'; }
exists() { [ "$(sql postgres --set wanted="$1" <<<"SELECT count(*) FROM pg_database WHERE datname = :'wanted'")" = 1 ]; }

# --- the backup ---

check_backup() {
  is_sound "$chosen" || die "$chosen is damaged: a file is missing, or is not what was written"
  [ "$(field "$manifest" database)" = "$database" ] || die "$chosen is of another database: $(field "$manifest" database)"
  work=$(mktemp -d)
  dump=$dir/$chosen.dump
  if [ -e "$dump.age" ]; then
    needs age
    [ -n "$identity" ] || die "$chosen is encrypted: --identity names the file of the key"
    age --decrypt --identity "$identity" --output "$work/dump" "$dump.age" || die "$identity does not open $chosen"
    dump=$work/dump
  fi
  [ "$(sha256sum <"$dump" | cut -d ' ' -f 1)" = "$(field "$manifest" sha256)" ] || die "$chosen is not what was dumped"
  field "$manifest" rows | sort >"$work/expected"
  rows "$dump" >"$work/rows" || die "$chosen cannot be read to its end"
  comm -23 "$work/expected" "$work/rows" >"$work/differing"
  [ ! -s "$work/differing" ] || die "$chosen lacks rows of $(head -n 1 "$work/differing")"
}

check_server() {
  local server role
  server=$(server_version postgres) || die "the server cannot be reached as $admin: see the message above"
  [ "$((server / 10000))" -ge "$(($(field "$manifest" server) / 10000))" ] ||
    die "the backup is of version $(($(field "$manifest" server) / 10000)), the server only of $((server / 10000))"
  [ "$(client_version pg_restore)" -ge "$(field "$manifest" client)" ] ||
    die "pg_restore $(client_version pg_restore) cannot read what pg_dump $(field "$manifest" client) wrote"
  for role in "${needed_roles[@]}"; do
    [ "$(sql postgres --set wanted="$role" <<<"SELECT count(*) FROM pg_roles WHERE rolname = :'wanted'")" = 1 ] ||
      die "the role $role is missing: deploy/database/roles.sql makes it, and $chosen.roles.sql holds what it was"
  done
}

# --- what it means ---

say_what_is_lost() {
  local age
  age=$(($(date +%s) - $(field "$manifest" created)))
  say "$chosen was made $((age / 86400)) d $((age % 86400 / 3600)) h $((age % 3600 / 60)) min ago; whatever was written since is lost"
  if ! exists "$database"; then say "there is no database $database now"; return; fi
  if ! count "$database" >"$work/live"; then say 'the live database cannot be counted'; return; fi
  awk -F '\t' '
    NR == FNR { backup[$1] = $2; next }
    { live[$1] }
    !($1 in backup) { print $1 ": " $2 " rows now, no such table in the backup"; next }
    backup[$1] != $2 { print $1 ": " $2 " rows now, " backup[$1] " in the backup" }
    END { for (name in backup) if (!(name in live)) print name ": not there now, " backup[name] " rows in the backup" }
  ' "$work/expected" "$work/live" | sort >"$work/lost"
  if [ -s "$work/lost" ]; then while read -r line; do say "  $line"; done <"$work/lost"
  else say 'every table has as many rows as in the backup; what they say may differ all the same'; fi
}

confirm() {
  local answer
  if [ "$yes" = yes ]; then return; fi
  [ -t 0 ] || misuse 'nobody can be asked here: --yes goes on without asking'
  read -r -p "Restore $chosen over $database? Type the database's name: " answer
  [ "$answer" = "$database" ] || die 'not confirmed'
}

# --- the restore ---

# A killed restore leaves its database behind; only one at a time gets here.
sweep() {
  sql postgres --set pattern="^${base//\$/\\\$}_(restore|rehearsal)_[0-9]{8}T[0-9]{6}Z\$" <<'SQL'
SELECT format('DROP DATABASE %I', datname) FROM pg_database WHERE datname ~ :'pattern' \gexec
SQL
}

restore_into() {
  target=$1
  sql postgres --set target="$1" <<SQL
CREATE DATABASE :"target" OWNER $(field "$manifest" owner) TEMPLATE template0 $(field "$manifest" create);
REVOKE ALL ON DATABASE :"target" FROM PUBLIC;
SQL
  client pg_restore "${login[@]}" --dbname "$1" --single-transaction --exit-on-error <"$dump" ||
    die "the backup could not be restored into $1"
  count "$1" >"$work/restored"
  cmp -s "$work/expected" "$work/restored" ||
    die "rows differ after the restore: $(comm -3 "$work/expected" "$work/restored" | head -n 1)"
  field "$manifest" property | sql postgres --set target="$1"
  sql "$1" <<<'ANALYZE;'
  say "$1 has every row of the backup: $(awk -F '\t' '{ n += $2 } END { printf "%d rows in %d tables", n, NR }' "$work/restored")"
}

# Both names change in one transaction, so that there is a database of this name at every moment. Who connects
# between the end of the others' connections and the rename makes the rename fail: then once more.
swap() {
  local try
  if ! exists "$database"; then
    sql postgres --set live="$database" --set target="$target" <<<'ALTER DATABASE :"target" RENAME TO :"live";'
    return
  fi
  for try in 1 2 3 4 5 6 7 8 9 10; do
    sql postgres --set live="$database" --set target="$target" --set before="$before" >/dev/null <<'SQL' || true
BEGIN;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN (:'live', :'target') AND pid <> pg_backend_pid();
ALTER DATABASE :"live" RENAME TO :"before";
ALTER DATABASE :"target" RENAME TO :"live";
COMMIT;
SQL
    if exists "$before"; then return; fi
    say "somebody connected in between (attempt $try)"
  done
  die "connections to $database keep coming: stop the service and run this again"
}

check_backup
check_server
if [ "$rehearse" = yes ]; then
  if [ "$dry" = yes ]; then say "would restore $chosen into ${base}_rehearsal_$now, count its rows and drop it"; exit 0; fi
  sweep
  started=$(date +%s)
  restore_into "${base}_rehearsal_$now"
  drop "$target" && target=''
  say "rehearsed: $chosen can be restored, in $(($(date +%s) - started)) s"
  exit 0
fi

say_what_is_lost
if [ "$dry" = yes ]; then
  say "would dump $database, restore into ${base}_restore_$now, count its rows, end all connections, and rename:"
  say "$database to $before, ${base}_restore_$now to $database"
  exit 0
fi
confirm
sweep
if [ "$safety" = yes ] && exists "$database"; then
  saved=$("$(dirname "${BASH_SOURCE[0]}")/backup.sh" --reason pre-restore) ||
    die "$database could not be dumped first; --without-safety-dump goes on all the same"
  say "$database as it is now: $saved"
fi
restore_into "${base}_restore_$now"
swap
target=''
say "restored $chosen"
if exists "$before"; then
  say "the former database is $before. Drop it when nothing is missing: DROP DATABASE \"$before\""
fi
