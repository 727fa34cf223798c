# shellcheck shell=bash
# Programs that come from the distribution: which are missing, and how they get here. Sourced.

# postgres_bin [VERSION]: folder of the newest PostgreSQL that has PostGIS, or nothing.
postgres_bin() {
    local initdb version
    for initdb in $(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -rV); do
        version=$(basename "$(dirname "$(dirname "$initdb")")")
        if [ -n "${1:-}" ] && [ "$version" != "$1" ]; then continue; fi
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

# install_packages NAME...: one apt call for all of them.
install_packages() {
    [ $# -gt 0 ] || return 0
    command -v apt-get >/dev/null 2>&1 || die "this system has no apt-get. Please install by hand what matches: $*" \
        "máy này không có apt-get. Hãy tự cài: $*"
    can_be_root || die "these packages are missing and need an administrator: apt-get install --no-install-recommends $*" \
        "thiếu các gói sau, cần người quản trị cài đặt: $*"
    say "Installing from the distribution: $*"
    forbid_debian_cluster
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Options::=--force-confold install --no-install-recommends "$@" ||
        die "apt-get could not install: $*" "apt-get không cài được: $*"
}
