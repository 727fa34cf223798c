# shellcheck shell=bash
# Words and small tools shared by ./start, ./check and the scripts beside this file. Sourced, not run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VAR=${SAFESHORE_VAR:-$ROOT/var}
# shellcheck disable=SC2034  # used by the scripts that source this file
VENV=$ROOT/.venv

say() { printf '==> %s\n' "$*"; }

# die ENGLISH [VIETNAMESE]: stop with the reason in both languages.
die() {
    printf '\nERROR: %s\n' "$1" >&2
    if [ $# -gt 1 ]; then printf 'LỖI: %s\n' "$2" >&2; fi
    exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

# as_root COMMAND...: run directly as root, else through sudo.
as_root() { if is_root; then "$@"; else sudo "$@"; fi; }

can_be_root() { is_root || command -v sudo >/dev/null 2>&1; }

# digest FILE...: one hash over the contents of the files.
digest() { cat "$@" | sha256sum | cut -c1-20; }

# once NAME HASH COMMAND...: run COMMAND unless it ended well before with the same HASH.
once() {
    local stamp=$VAR/stamps/$1 hash=$2
    shift 2
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$hash" ]; then return 0; fi
    "$@"
    mkdir -p "$VAR/stamps"
    printf '%s\n' "$hash" >"$stamp"
}

# has_own_server: DATABASE_URL, in the environment or in var/env, names a server that is not ours.
has_own_server() {
    [ -n "${DATABASE_URL:-}" ] && return
    [ -f "$VAR/env" ] && grep '^DATABASE_URL=.' "$VAR/env" | grep -qv '^DATABASE_URL=postgresql://safeshore@/safeshore?host='
}
