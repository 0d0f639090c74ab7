#!/bin/sh
# One clear line for each thing this machine lacks.
python="${1:-python3}"
missing=0
say() { echo "optiq: $1" >&2; missing=1; }
if ! command -v "$python" >/dev/null 2>&1; then
    say "Python 3.11 or newer is needed; '$python' was not found (set PYTHON=/path/to/python3)."
elif ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "Python 3.11 or newer is needed; '$python' is $("$python" -V 2>&1) (set PYTHON=/path/to/python3.11)."
elif ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    say "Python's venv module is needed (on Debian: apt install python3-venv)."
fi
if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
    say "Node 20 or newer with npm is needed (it brings the embedded DynamoDB)."
elif [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
    say "Node 20 or newer is needed; this is $(node --version)."
fi
if [ "$(uname -s)-$(uname -m)" != "Linux-x86_64" ]; then
    say "Linux on x86-64 is needed: the embedded DynamoDB is published for no other platform yet; this is $(uname -s) on $(uname -m)."
fi
exit $missing
