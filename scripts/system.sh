# shellcheck shell=bash
# Programs that come from the distribution: which are missing, and how they get here. Sourced.

# postgres_bin VERSION|any: folder of the newest PostgreSQL that has PostGIS, or nothing.
postgres_bin() {
    local initdb version
    for initdb in $(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -rV); do
        version=$(basename "$(dirname "$(dirname "$initdb")")")
        if [ "$1" != any ] && [ "$version" != "$1" ]; then continue; fi
        if [ -x "$initdb" ] && [ -f "/usr/share/postgresql/$version/extension/postgis.control" ]; then
            dirname "$initdb"
            return
        fi
    done
}

# A server that is there without PostGIS gets PostGIS; otherwise the distribution's own choice.
postgis_package() {
    local version
    version=$(basename -a /usr/lib/postgresql/* 2>/dev/null | grep -E '^[0-9]+$' | sort -rn | head -n 1 || true)
    if [ -n "$version" ]; then
        echo "postgresql-$version-postgis-3"
    elif apt-cache show postgresql-postgis >/dev/null 2>&1; then
        echo postgresql-postgis
    else # Ubuntu 22.04 has no such name: take the newest that there is
        apt-cache --names-only search '^postgresql-[0-9]+-postgis-3$' | cut -d' ' -f1 | sort -rV | head -n 1
    fi
}

# Installing the server would also make and start a cluster on port 5432, which nobody asked for.
forbid_debian_cluster() {
    if [ -e /etc/postgresql-common/createcluster.conf ] || [ -d /usr/lib/postgresql ]; then return; fi
    as_root mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
}

APT_FRESH=no

# New package lists, once a run. A failing update may still leave lists good enough to install from.
refresh_package_lists() {
    command -v apt-get >/dev/null 2>&1 && can_be_root && [ "$APT_FRESH" = no ] || return 0
    say "Reading the distribution's package lists"
    as_root apt-get -q -y -o DPkg::Lock::Timeout=300 update >/dev/null ||
        say "apt-get update failed; going on with the lists that are here"
    APT_FRESH=yes
}

# install_packages NAME...: one apt call for all of them.
install_packages() {
    [ $# -gt 0 ] || return 0
    command -v apt-get >/dev/null 2>&1 || die "this system has no apt-get. Please install by hand what matches: $*" \
        "máy này không có apt-get. Hãy tự cài: $*"
    can_be_root || die "these packages are missing and need an administrator: apt-get install --no-install-recommends $*" \
        "thiếu các gói sau, cần người quản trị cài đặt: $*"
    refresh_package_lists
    say "Installing from the distribution (a minute or two): $*"
    forbid_debian_cluster
    mkdir -p "$VAR/log"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 install --no-install-recommends "$@" \
        >"$VAR/log/apt.log" 2>&1 ||
        {
            tail -n 25 "$VAR/log/apt.log" >&2
            die "apt-get could not install: $*" "apt-get không cài được: $*"
        }
}

# --- Python -------------------------------------------------------------------------------------------

PYTHON_MINOR_MIN=11

# usable_python COMMAND: it runs, is new enough, and can make environments.
usable_python() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, $PYTHON_MINOR_MIN))" 2>/dev/null
}

find_python() {
    local name
    for name in ${SAFESHORE_PYTHON:-} python3 python3.11 python3.12 python3.13 python3.14 /usr/bin/python3; do
        if usable_python "$name"; then
            command -v "$name"
            return
        fi
    done
}

# The distribution's python3 where it is new enough; Ubuntu 22.04 has 3.11 beside its 3.10.
python_packages() {
    local offered
    offered=$(apt-cache policy python3 | sed -n 's/^ *Candidate: 3\.\([0-9]*\).*/\1/p')
    if [ "${offered:-0}" -ge "$PYTHON_MINOR_MIN" ]; then
        echo python3 python3-venv
    else
        echo python3.11 python3.11-venv
    fi
}

# --- Chromium -----------------------------------------------------------------------------------------

find_chromium() {
    local name
    for name in ${SAFESHORE_CHROMIUM:-} chromium chromium-browser google-chrome google-chrome-stable; do
        # Ubuntu's packages of these names are doors to snap, which does not run everywhere.
        if command -v "$name" >/dev/null 2>&1 && "$name" --version >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
}

chromium_package() {
    if apt-cache show chromium 2>/dev/null | grep -q '^Filename:.*/chromium/'; then echo chromium; fi
}

# --- everything in one call ---------------------------------------------------------------------------

# setup_system base|dev: install what is missing for ./start, or for ./check as well.
setup_system() {
    local wanted=() want_python=no want_postgres=no want_chromium=no
    [ -n "$(find_python)" ] || want_python=yes
    if ! has_own_server && [ -z "$(postgres_bin any)" ]; then want_postgres=yes; fi
    command -v msgfmt >/dev/null 2>&1 || wanted+=(gettext)
    if [ "$1" = dev ]; then
        [ -n "$(find_chromium)" ] || want_chromium=yes
        command -v shellcheck >/dev/null 2>&1 || wanted+=(shellcheck)
        command -v node >/dev/null 2>&1 || wanted+=(nodejs)
        # The driver of the browser tests is linked to it; small systems do not have it.
        ldconfig -p 2>/dev/null | grep -q 'libatomic\.so\.1' || wanted+=(libatomic1)
        command -v fc-list >/dev/null 2>&1 || wanted+=(fontconfig fonts-dejavu-core)
    fi
    if [ "$want_python$want_postgres$want_chromium" = nonono ] && [ ${#wanted[@]} = 0 ]; then return 0; fi
    refresh_package_lists
    # shellcheck disable=SC2207  # package names hold no spaces
    [ "$want_python" = no ] || wanted+=($(python_packages))
    [ "$want_postgres" = no ] || wanted+=("$(postgis_package)")
    # shellcheck disable=SC2207
    [ "$want_chromium" = no ] || wanted+=($(chromium_package))
    install_packages "${wanted[@]}"
}
