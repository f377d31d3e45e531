#!/bin/sh
# Writes both lock files: every version pinned with its hashes, and no index host named.
set -eu
cd "$(dirname "$0")/.."
for lock in runtime dev; do
  extra=""; [ "$lock" = dev ] && extra="--extra dev"
  # shellcheck disable=SC2086
  .venv/bin/uv pip compile -q --python-version 3.11 --generate-hashes --allow-unsafe \
    --no-emit-index-url --no-emit-find-links --no-header --extra build $extra \
    pyproject.toml -o "requirements/$lock.lock"
done
