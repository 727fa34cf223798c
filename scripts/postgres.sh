#!/usr/bin/env bash
# A private PostGIS server for this checkout, below var/pg.  Needs no administrator once installed.
#
#   scripts/postgres.sh up       make the server if there is none, start it, write var/env
#   scripts/postgres.sh stop     stop it; the data stay
#   scripts/postgres.sh status   say whether it runs
#   scripts/postgres.sh url      print its DATABASE_URL
#   scripts/postgres.sh psql …   open it, or run psql with these options
#   scripts/postgres.sh destroy  stop it and DELETE its data
#   scripts/postgres.sh exists   exit code 0 if there is one, running or not
#   scripts/postgres.sh env      only write a SECRET_KEY into var/env, for who has a server of his own
#
# PostgreSQL refuses to run as root, so root starts it as the user postgres; anybody else as himself.
# The reasons for each precaution are in docs/adr/0004-private-postgis-cluster.md.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/system.sh
. "$ROOT/scripts/system.sh"

NAME=safeshore # of the database and of its role
OWN_URL="postgresql://$NAME@/$NAME?host="
SOCKET_PATH_MAX=85 # bytes; the kernel allows 107 with the socket's own name
unset PGHOST PGPORT PGDATABASE PGUSER PGPASSWORD PGOPTIONS PGSERVICE PGDATA PGHOSTADDR

# --- where the cluster lives, and who owns it -----------------------------------------------------

path_hash() { printf '%s' "$ROOT" | sha256sum | cut -c1-12; }

# Root's server runs as postgres, who must be able to walk to the data; below /root he cannot.
choose_home() {
    HOME_DIR=$VAR/pg
    [ -d "$HOME_DIR/data" ] && return
    is_root || return 0
    local elsewhere
    elsewhere=/var/lib/$NAME/$(path_hash)
    if [ -d "$elsewhere/data" ]; then
        HOME_DIR=$elsewhere
    elif id postgres >/dev/null 2>&1; then
        mkdir -p "$HOME_DIR"
        runuser -u postgres -- test -x "$HOME_DIR" || HOME_DIR=$elsewhere
    fi
}

# Data that exist are run by the user they belong to, whoever calls.
choose_owner() {
    if [ -d "$HOME_DIR/data" ]; then
        OWNER=$(stat -c %U "$HOME_DIR/data")
        if ! is_root && [ "$OWNER" != "$(id -un)" ]; then
            die "the database in $HOME_DIR belongs to the user $OWNER. Run this as root or as $OWNER, or make a clone of your own." \
                "cơ sở dữ liệu này thuộc người dùng $OWNER. Hãy chạy bằng root hoặc $OWNER, hoặc tạo bản sao riêng."
        fi
    elif is_root; then
        OWNER=postgres
    else
        OWNER=$(id -un)
    fi
}

as_owner() { (
    cd /
    if is_root; then exec runuser -u "$OWNER" -- "$@"; else exec "$@"; fi
); }

# libpq splits hosts at a comma, and the kernel limits a socket's path: such checkouts get /tmp.
choose_socket() {
    RUN_DIR=$HOME_DIR/run
    if [ "$(printf '%s' "$RUN_DIR" | wc -c)" -gt "$SOCKET_PATH_MAX" ] ||
        [[ $RUN_DIR == *[!A-Za-z0-9/._\ -]* ]]; then
        RUN_DIR=/tmp/$NAME-$(path_hash)
    fi
}

# --- the server's programs ------------------------------------------------------------------------

choose_programs() {
    local made_by=""
    if [ -f "$HOME_DIR/data/PG_VERSION" ]; then made_by=$(as_owner cat "$HOME_DIR/data/PG_VERSION"); fi
    if [ -n "$made_by" ]; then
        BIN=$(postgres_bin "$made_by")
        [ -n "$BIN" ] || die "the data in $HOME_DIR were made by PostgreSQL $made_by, which is not installed any more (with PostGIS). Install postgresql-$made_by-postgis-3, or dump there and load here, or delete them with scripts/postgres.sh destroy." \
            "dữ liệu do PostgreSQL $made_by tạo ra nhưng bản này không còn trên máy. Hãy cài postgresql-$made_by-postgis-3."
        return
    fi
    BIN=$(postgres_bin any)
    if [ -z "$BIN" ]; then
        refresh_package_lists
        install_packages "$(postgis_package)"
        BIN=$(postgres_bin any)
    fi
    [ -n "$BIN" ] || die "PostgreSQL with PostGIS was not found below /usr/lib/postgresql." \
        "không tìm thấy PostgreSQL kèm PostGIS."
}

prepare() {
    choose_home
    choose_owner
    choose_programs
    # The first call as root may only now have a user postgres.
    choose_home
    choose_owner
    choose_socket
}

# --- making and starting ---------------------------------------------------------------------------

own_folder() {
    mkdir -p "$1"
    chmod 700 "$1"
    if is_root; then chown "$OWNER" "$1"; fi
}

make_socket_folder() {
    if [ -d "$RUN_DIR" ] && [ "$(stat -c %U "$RUN_DIR")" != "$OWNER" ] && ! is_root; then
        die "$RUN_DIR belongs to somebody else." "$RUN_DIR thuộc người dùng khác."
    fi
    own_folder "$RUN_DIR"
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Ports above 20000 and below those that the kernel lends out; eighty tries.
any_free_port() {
    local port
    for port in $(shuf -i 20000-32000 -n 80); do
        if port_is_free "$port"; then
            echo "$port"
            return
        fi
    done
    die "no free port was found for the database." "không còn cổng trống cho cơ sở dữ liệu."
}

choose_port() {
    local stored=$HOME_DIR/port port
    for port in $(cat "$stored" 2>/dev/null || true) 55432 55433 55434; do
        if port_is_free "$port"; then
            printf '%s\n' "$port" >"$stored"
            return
        fi
    done
    any_free_port >"$stored"
}

init_cluster() {
    say "Making a private PostGIS server in $HOME_DIR"
    own_folder "$HOME_DIR/data"
    # ICU sorts Vietnamese rightly (a < ă < â, d < đ) and needs no locale generated on the machine.
    as_owner "$BIN/initdb" -D "$HOME_DIR/data" -U postgres -E UTF8 --locale=C.UTF-8 \
        --locale-provider=icu --icu-locale=vi --auth-local=trust --auth-host=scram-sha-256 \
        --data-checksums >"$HOME_DIR/initdb.log" 2>&1 ||
        {
            cat "$HOME_DIR/initdb.log" >&2
            rm -rf "${HOME_DIR:?}/data"
            die "initdb failed; its words stand above." "không tạo được cơ sở dữ liệu; xem thông báo ở trên."
        }
    echo "include_if_exists = 'project.conf'" |
        as_owner tee -a "$HOME_DIR/data/postgresql.conf" >/dev/null
}

# lz4 where this build of the server has it: with pglz, building indexes takes half as long again.
wal_compression() {
    if as_owner "$BIN/postgres" -D "$HOME_DIR/data" -c wal_compression=lz4 -C wal_compression >/dev/null 2>&1; then
        echo lz4
    else
        echo on
    fi
}

# Settings go into a file: pg_ctl -o passes its string through a shell, where odd paths break.
write_settings() {
    local quoted=${RUN_DIR//\'/\'\'}
    as_owner tee "$HOME_DIR/data/project.conf" >/dev/null <<SETTINGS
listen_addresses = '127.0.0.1'
port = $(cat "$HOME_DIR/port")
unix_socket_directories = '$quoted'
max_connections = 100
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
jit = off
# For a register of a million hazards; taken up as it is used.
shared_buffers = 512MB
max_wal_size = 4GB
checkpoint_timeout = 15min
wal_compression = $(wal_compression)
random_page_cost = 1.1
SETTINGS
}

# A killed server whose parent is slow to bury it still looks alive: wait, then drop its pid file.
clear_dead_pid() {
    local pid_file=$HOME_DIR/data/postmaster.pid pid state="" waited=0
    as_owner test -f "$pid_file" || return 0
    pid=$(as_owner head -n 1 "$pid_file")
    while state=$(process_state "$pid") && [ "$state" = Z ] && [ "$waited" -lt 20 ]; do
        sleep 0.5
        waited=$((waited + 1))
    done
    if [ -z "$state" ] || [ "$state" = Z ]; then as_owner rm -f "$pid_file"; fi
}

# process_state PID: R, S, Z and so on as the kernel says, or nothing where there is no such process.
process_state() { sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null || true; }

is_running() {
    [ -d "$HOME_DIR/data" ] || return 1
    clear_dead_pid
    as_owner "$BIN/pg_ctl" -D "$HOME_DIR/data" status >/dev/null 2>&1
}

psql_super() {
    as_owner "$BIN/psql" -X -q -v ON_ERROR_STOP=1 -h "$RUN_DIR" -p "$(cat "$HOME_DIR/port")" -U postgres "$@"
}

start_server() {
    local log=$HOME_DIR/log
    touch "$log"
    if is_root; then chown "$OWNER" "$log"; fi
    # The server outlives this shell: it must not hold the locks of ./check (8) and of this script (9).
    as_owner "$BIN/pg_ctl" -D "$HOME_DIR/data" -l "$log" -w -t 60 start >/dev/null 2>&1 8>&- 9>&- ||
        {
            tail -n 20 "$log" >&2
            die "the database server did not start; the end of $log stands above." \
                "máy chủ cơ sở dữ liệu không khởi động được; xem thông báo ở trên."
        }
}

# Extensions go into template1, so each new database (those of the tests too) is born with them and
# the role of the program needs no superuser rights.
make_database() {
    [ "$(psql_super -d postgres -At -c "SELECT 1 FROM pg_database WHERE datname = '$NAME'")" = 1 ] && return
    psql_super -d template1 <<'SQL'
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pgcrypto;
SQL
    local password
    password=$(random_text 32)
    (umask 077 && printf '%s\n' "$password" >"$HOME_DIR/password")
    psql_super -d postgres <<SQL
SET client_min_messages = warning;
DO \$\$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$NAME') THEN CREATE ROLE $NAME; END IF;
END \$\$;
ALTER ROLE $NAME LOGIN CREATEDB PASSWORD '$password';
SQL
    psql_super -d postgres -c "CREATE DATABASE $NAME OWNER $NAME"
}

url() { printf '%s%s&port=%s\n' "$OWN_URL" "${RUN_DIR// /%20}" "$(cat "$HOME_DIR/port")"; }

# --- var/env -----------------------------------------------------------------------------------------

random_text() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }

write_secret() {
    mkdir -p "$VAR"
    (umask 077 && touch "$VAR/env")
    grep -q '^SECRET_KEY=' "$VAR/env" || printf 'SECRET_KEY=%s\n' "$(random_text 32)" >>"$VAR/env"
}

# Add what is missing and renew our own DATABASE_URL; a line for another server is left alone.
write_env() {
    local file=$VAR/env old
    write_secret
    old=$(sed -n 's/^DATABASE_URL=//p' "$file")
    [ "$old" = "$(url)" ] && return
    if [ -n "$old" ] && [[ $old != "$OWN_URL"* ]]; then return; fi
    { grep -v '^DATABASE_URL=' "$file" || true; printf 'DATABASE_URL=%s\n' "$(url)"; } >"$file.new"
    chmod --reference="$file" "$file.new"
    chown --reference="$file" "$file.new" 2>/dev/null || true
    mv "$file.new" "$file"
}

# --- commands ----------------------------------------------------------------------------------------

up() {
    [[ $VAR != *\"* ]] || die 'the path of the checkout holds a double quote, which PostgreSQL cannot take. Move it.' \
        'đường dẫn có dấu ngoặc kép; hãy chuyển thư mục sang nơi khác.'
    mkdir -p "$VAR"
    prepare
    mkdir -p "$HOME_DIR"
    { exec 9>>"$HOME_DIR/lock"; } 2>/dev/null || die "$HOME_DIR cannot be written by $(id -un); it was made by another user." \
        "người dùng $(id -un) không có quyền ghi vào $HOME_DIR."
    flock -w 120 9 || die "another start has been running for two minutes." "một lần khởi động khác vẫn đang chạy."
    if ! [ -f "$HOME_DIR/data/PG_VERSION" ] && ! as_owner test -f "$HOME_DIR/data/PG_VERSION"; then
        init_cluster
    fi
    if ! is_running; then
        make_socket_folder
        choose_port
        write_settings
        start_server
    fi
    make_database
    write_env
    exec 9>&-
}

stop() {
    prepare
    if is_running; then as_owner "$BIN/pg_ctl" -D "$HOME_DIR/data" -m fast -w stop >/dev/null; fi
}

status() {
    prepare
    if is_running; then
        say "The private server runs: $(url)"
    else
        say "The private server does not run."
        return 3
    fi
}

destroy() {
    stop
    rm -rf "${HOME_DIR:?}"
    if [[ $RUN_DIR == /tmp/* ]]; then rm -rf "${RUN_DIR:?}"; fi
    if [ -f "$VAR/env" ]; then sed -i "\\|^DATABASE_URL=$OWN_URL|d" "$VAR/env"; fi
    rm -f "$VAR/stamps/"{tables,demo}
}

case ${1:-} in
up | stop | status | destroy) "$1" ;;
url) prepare && url ;;
psql)
    shift
    prepare
    exec "$BIN/psql" "$(url)" "$@"
    ;;
exists) choose_home && [ -d "$HOME_DIR/data" ] ;;
env) write_secret ;;
*)
    sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit 2
    ;;
esac
