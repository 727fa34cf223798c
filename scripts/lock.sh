#!/usr/bin/env bash
# Resolve requirements*.in anew into locks that hold for every system and Python >= 3.11.
# Hashes are kept, registry addresses are not. Add --upgrade to take newer versions.
set -euo pipefail
# shellcheck source=scripts/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$ROOT"
make_venv
ensure_uv

compile() {
    "$VENV/bin/uv" pip compile -q --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header "$@"
}
compile requirements.in -o requirements.lock "$@"
compile requirements-cluster.in -o requirements-cluster.lock "$@"
compile requirements-s3.in -o requirements-s3.lock "$@"
compile requirements-dev.in -o requirements-dev.lock "$@"
say "Locked. See what changed with git diff, then run ./check."
