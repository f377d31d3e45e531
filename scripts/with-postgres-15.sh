#!/bin/bash
# Run a command with GUIYAN_TEST_ADMIN_URL naming a throw-away server of Debian's PostgreSQL 15.
set -euo pipefail
bin=/usr/lib/postgresql/15/bin
[ -x "$bin/initdb" ] || { echo "Install it first:  sudo apt-get install postgresql-15" >&2; exit 2; }
root=$(mktemp -d)
chmod 755 "$root"
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }
if [ "$(id -u)" = 0 ]; then chown postgres "$root"; fi
stop() { as "$bin/pg_ctl" -D "$root/data" -m immediate stop >/dev/null || true; rm -rf "$root"; }
trap stop EXIT
cd /
as "$bin/initdb" -D "$root/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
as "$bin/pg_ctl" -D "$root/data" -w -l "$root/log" \
  -o "-c listen_addresses= -k $root -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
      -c wal_level=minimal -c max_wal_senders=0 -c jit=off -c max_connections=120" start >/dev/null
cd - >/dev/null
GUIYAN_TEST_ADMIN_URL="postgresql://postgres@/postgres?host=$root" "$@"
