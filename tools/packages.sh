#!/bin/sh
# Debian packages: `packages.sh install NAME…` installs what is missing, or says the command and fails;
# `packages.sh test` sees to those of the tests, and only fails in CI: elsewhere the tests that want them
# are skipped, each saying why.
set -eu

missing() { for name; do dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || echo "$name"; done; }

install() {
    wanted=$(missing "$@" | tr '\n' ' ')
    [ -n "$wanted" ] || return 0
    if [ "$(id -u)" = 0 ]; then become=""
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then become="sudo -n"
    else
        echo "Debian packages are missing. Please run: sudo apt-get install --no-install-recommends $wanted" >&2
        return 1
    fi
    command -v apt-get >/dev/null || { echo "Not a Debian system; please install: $wanted" >&2; return 1; }
    echo "· installing the Debian packages: $wanted"
    log=build/apt.log
    mkdir -p build
    # Only refresh the lists when they do not know a package: servers of one's own are not to be hurried.
    # shellcheck disable=SC2086
    if ! apt-cache show $wanted >/dev/null 2>&1; then $become apt-get update -q >"$log" 2>&1 || true; fi
    # shellcheck disable=SC2086
    if ! $become env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $wanted >>"$log" 2>&1
    then
        $become apt-get update -q >>"$log" 2>&1 || true
        # shellcheck disable=SC2086
        $become env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $wanted >>"$log" 2>&1 || {
            echo "apt-get could not install: $wanted (see $log)" >&2
            tail -n 5 "$log" >&2
            return 1
        }
    fi
}

case $1 in
install) shift; install "$@" ;;
test)
    if ! install chromium fonts-dejavu-core fonts-noto-color-emoji postfix dovecot-imapd dovecot-lmtpd \
        openssl redis-server g++ make wordpress php-cli php-mysql php-gd php-curl php-xml php-mbstring \
        mariadb-server libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; then
        echo "The tests that need them are skipped, and say so." >&2
        [ "${CI:-}" != true ]
    fi
    ;;
esac
