#!/bin/sh
# The browser tests need Chromium and Han fonts: installed by apt where we may, else said in one line.
# Its headless shell is enough, and a third of the work for the machine; where a system has none,
# the whole browser does (tests/browser/conftest.py takes what it finds).
set -eu
needed=""
command -v chromium-headless-shell >/dev/null 2>&1 || command -v chromium >/dev/null 2>&1 ||
  needed="$needed chromium-headless-shell"
fc-list 2>/dev/null | grep -q 'Noto Sans CJK' || needed="$needed fonts-noto-cjk"
[ -n "$needed" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing$needed ..."
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $needed fontconfig >/dev/null
else
  echo "The browser tests need:  sudo apt-get install$needed fontconfig" >&2
  exit 2
fi
