#!/usr/bin/env bash
# Gradescope runs this as root, once, while it makes the image. Everything has the version and the
# hash that the course's lock gives it; Python is the one that the locked uv brings.
set -euo pipefail
cd /autograder/source

apt-get update -q
DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    bubblewrap python3 python3-pip

locked_uv=$(mktemp)
sed -n '/^uv==/,/# via/p' requirements.txt >"$locked_uv"
PIP_BREAK_SYSTEM_PACKAGES=1 python3 -m pip install --require-hashes --requirement "$locked_uv"

# Not below /root: what students hand in runs as another user, and needs Python too.
export UV_PYTHON_INSTALL_DIR=/opt/python
uv venv --clear --no-project --python 3.12 /opt/course
extras=$(python3 -c 'import json; print(*json.load(open("options.json"))["extras"])')
uv pip install --python /opt/course --compile-bytecode --link-mode copy \
    --constraint requirements.txt --requirement pyproject.toml ${extras:+--extra "$extras"}
