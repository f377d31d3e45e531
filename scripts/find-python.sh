#!/bin/sh
# Prints the Python to build the environment with: the first of these that is 3.11 or later and can
# make one. When none can, `python3`, about which require.sh then says what is missing.
for python in python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
  if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "$python"
    exit
  fi
done
echo python3
