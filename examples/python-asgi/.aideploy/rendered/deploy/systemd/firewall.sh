#!/usr/bin/env bash
# The firewall of a host of beyondcloud-python: SSH stays open, the web is open, everything else is closed. --help tells the flags.
set -euo pipefail

usage() {
  cat <<USAGE
firewall.sh [flag...]
  --ssh-port PORT   besides what sshd and this very connection use
  --internal CIDR   a network that may reach the programs' own ports, such as a proxy's or Prometheus'
  --dry-run         what ufw would do
USAGE
}

say() { printf 'firewall.sh: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

flags=() internal='' ssh_ports=''
while [ $# -gt 0 ]; do
  case $1 in
    --ssh-port | --internal) [ $# -ge 2 ] || { say "$1 needs a value"; exit 2; } ;;
    *) ;;
  esac
  case $1 in
    --ssh-port) ssh_ports="$ssh_ports $2"; shift ;;
    --internal) internal=$2; shift ;;
    --dry-run) flags=(--dry-run) ;;
    --help | -h) usage; exit 0 ;;
    *) say "unknown flag $1"; usage >&2; exit 2 ;;
  esac
  shift
done
[ "$(id -u)" = 0 ] || die 'this changes the system: run it as root'
command -v ufw >/dev/null || die 'ufw is missing: install the package ufw'

rule() { ufw ${flags[@]+"${flags[@]}"} "$@" >/dev/null || die "ufw $* failed"; }

# First of all the way in: what sshd listens on, and where this connection came by.
ssh_ports="$ssh_ports $( { sshd -T 2>/dev/null || true; } | awk '$1 == "port" { print $2 }')"
ssh_ports="$ssh_ports $(printf '%s' "${SSH_CONNECTION:-}" | cut -s -d ' ' -f 4)"
[ -n "${ssh_ports// /}" ] || ssh_ports=22
for port in $ssh_ports; do
  [[ $port =~ ^[0-9]+$ ]] || die "$port is no port"
  rule allow "$port/tcp" comment 'SSH'
done

rule default deny incoming
rule default allow outgoing
rule allow 80/tcp comment 'redirect to HTTPS'
rule allow 443/tcp comment HTTPS

# The programs' own ports: this machine reaches them, and nobody else unless --internal says so.
own_port() {
  local earlier
  # An earlier rule would be asked first.
  for earlier in "allow $1" "allow $1/tcp" "deny $1/tcp"; do
    # shellcheck disable=SC2086 # two words
    ufw ${flags[@]+"${flags[@]}"} delete $earlier >/dev/null 2>&1 || true
  done
  if [ -n "$internal" ]; then rule allow from "$internal" to any port "$1" proto tcp; fi
  rule deny "$1/tcp"
}
own_port 5432
own_port 8001

# Not asked for even in a dry run, in which ufw would remember that it is enabled.
if [ ${#flags[@]} -gt 0 ]; then exit 0; fi
rule --force enable
ufw status verbose | grep -q '^Default: deny (incoming)' || die 'incoming connections are not denied by default'
ufw status verbose
