#!/bin/sh
# Says which of the few things that Guiyan needs from the system are missing, and how to get them.
missing=""
command -v git >/dev/null 2>&1 || missing="$missing git"
command -v "$1" >/dev/null 2>&1 || missing="$missing python3 python3-venv"
if command -v "$1" >/dev/null 2>&1; then
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Guiyan needs Python 3.11 or later; $1 is $("$1" -V 2>&1). Name another: make PYTHON=… demo" >&2
    exit 2
  }
  "$1" -c 'import venv, ensurepip' 2>/dev/null || missing="$missing python3-venv"
fi
if [ -n "$missing" ]; then
  echo "Missing:$missing. On Debian:  sudo apt-get install$missing" >&2
  exit 2
fi
