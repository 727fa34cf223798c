# shellcheck shell=bash
# The steps that make a checkout ready. Each is quick when its work is done already. Sourced.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/system.sh
. "$ROOT/scripts/system.sh"

UV_VERSION_RANGE='uv>=0.8,<1'
PYTHON=$VENV/bin/python

manage() { "$PYTHON" "$ROOT/manage.py" "$@"; }

# --- Python environment ---------------------------------------------------------------------------

make_venv() {
    local python
    # A checkout that was moved or a Python that was upgraded leaves an environment that cannot run.
    "$PYTHON" -c '' 2>/dev/null && return
    python=$(find_python)
    [ -n "$python" ] || die "Python 3.$PYTHON_MINOR_MIN or newer, with its venv module, was not found. On Debian or Ubuntu: apt-get install python3 python3-venv" \
        "không tìm thấy Python 3.$PYTHON_MINOR_MIN trở lên. Hãy cài python3 và python3-venv."
    say "Making the Python environment .venv with $("$python" --version)"
    rm -rf "$VENV" "$VAR/stamps/python"
    "$python" -m venv "$VENV"
}

ensure_uv() {
    [ -x "$VENV/bin/uv" ] && return
    "$PYTHON" -m pip --version >/dev/null 2>&1 || "$PYTHON" -m ensurepip >/dev/null
    "$PYTHON" -m pip install -q --disable-pip-version-check "$UV_VERSION_RANGE" ||
        die "pip could not fetch uv from the package registry; is there a connection?" \
            "không tải được uv; hãy kiểm tra kết nối mạng."
}

# sync_python LOCK...: exactly the packages of the locks, each checked against its hash.
sync_python() {
    ensure_uv
    say "Installing the Python packages of $(basename -a "$@" | tr '\n' ' ')"
    "$VENV/bin/uv" pip sync -q --python "$PYTHON" --require-hashes "$@" ||
        die "the Python packages could not be installed; uv's words stand above." \
            "không cài được các gói Python; xem thông báo ở trên."
}

# setup_python base|dev: once an environment has the developers' packages it keeps them.
setup_python() {
    local locks=("$ROOT/requirements.lock")
    make_venv
    if [ "$1" = dev ] || [ -x "$VENV/bin/pytest" ]; then locks+=("$ROOT/requirements-dev.lock"); fi
    once python "$(digest "${locks[@]}")-${#locks[@]}" sync_python "${locks[@]}"
}

# --- database, words, static files ------------------------------------------------------------------

setup_database() {
    mkdir -p "$VAR"
    if has_own_server; then
        "$ROOT/scripts/postgres.sh" env # only the secret key
    else
        "$ROOT/scripts/postgres.sh" up
    fi
}

# Which database the stamps speak of.
database_key() {
    printf '%s' "${DATABASE_URL:-$(sed -n 's/^DATABASE_URL=//p' "$VAR/env")}" | sha256sum | cut -c1-12
}

translation_files() { find "$ROOT" -path "$VENV" -prune -o -path "$VAR" -prune -o -path '*/locale/*/LC_MESSAGES/*.po' -print | sort; }

compile_translations() {
    local po
    while IFS= read -r po; do
        msgfmt --check-format -o "${po%.po}.mo" "$po" || die "$po cannot be compiled; msgfmt says why above." \
            "không biên dịch được $po."
    done < <(translation_files)
}

# The compiled files are not in the repository, so their absence counts as work to do.
setup_translations() {
    local po key=""
    while IFS= read -r po; do
        key+=$(sha256sum <"$po")
        [ -f "${po%.po}.mo" ] || rm -f "$VAR/stamps/translations"
    done < <(translation_files)
    once translations "$(printf '%s' "$key" | sha256sum | cut -c1-20)" compile_translations
}

# tables_key: the migrations that there are and, in the private database, how many it has taken.
tables_key() {
    local count=""
    if ! has_own_server; then
        count=$("$ROOT/scripts/postgres.sh" psql -At -c 'SELECT count(*) FROM django_migrations' 2>/dev/null || true)
    fi
    find "$ROOT" \( -path "$VENV" -o -path "$VAR" \) -prune -o -path '*/migrations/*.py' -print0 | sort -z |
        xargs -0 sha256sum | cat - "$ROOT/requirements.lock" <(database_key) <(echo "$count") | sha256sum | cut -c1-20
}

# Starting Django takes seconds, so a private database that was brought up to date is not asked again.
setup_tables() {
    local stamp=$VAR/stamps/tables
    if ! has_own_server && [ "$(cat "$stamp" 2>/dev/null)" = "$(tables_key)" ]; then return 0; fi
    say "Bringing the tables up to date"
    manage migrate --noinput --verbosity 0 ||
        die "the database could not be brought up to date; the reason stands above." "không cập nhật được cơ sở dữ liệu."
    mkdir -p "$VAR/stamps"
    tables_key >"$stamp"
}

collect_static() {
    say "Collecting the static files"
    rm -rf "${VAR:?}/static"
    manage collectstatic --noinput --verbosity 0
}

setup_static() {
    local key
    key=$(find "$ROOT" \( -path "$VENV" -o -path "$VAR" \) -prune -o -path '*/static/*' -type f -print0 |
        sort -z | xargs -0 -r sha256sum | cat - "$ROOT/requirements.lock" | sha256sum | cut -c1-20)
    [ -f "$VAR/static/staticfiles.json" ] || rm -f "$VAR/stamps/static"
    once static "$key" collect_static
}

# has_command NAME: manage.py knows such a command.
has_command() { compgen -G "$ROOT/*/management/commands/$1.py" >/dev/null; }

load_demo() {
    say "Loading the demo (invented places, waters and people)"
    manage load_demo --if-empty
}

setup_demo() {
    if has_command load_demo; then once demo "$(database_key)" load_demo; fi
}
