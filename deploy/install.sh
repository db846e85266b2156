#!/bin/sh
# μblog on one Debian or Ubuntu server, from the directory that `make dist` writes. As root:
#
#   sh dist/deploy/install.sh https://blog.example.org
#
# and again with a newer dist/ to upgrade: it changes nothing that is right already, and never a
# setting of yours. An upgrade makes a backup first. Whatever fails, the previous release goes on.
# Needs nginx and Python 3.11 or newer with venv. A release is /opt/ublog/VERSION-DIGEST, with the
# link `current` to the one that runs; the one before it is kept.
set -eu
umask 022

dist=$(dirname "$(dirname "$(readlink -f "$0")")")
root=/opt/ublog
python=${PYTHON:-python3}
fail() { echo "$*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "Run this as root"
set -- "${1:-}" "$dist"/ublog-*.whl
[ $# = 2 ] && [ -e "$2" ] || fail "Not one wheel is in $dist: make dist writes it"
site=$1

id ublog >/dev/null 2>&1 ||
    useradd --system --user-group --home-dir /var/lib/ublog --shell /usr/sbin/nologin ublog

if [ ! -e /etc/ublog/ublog.env ]; then
    [ "$site" ] || fail "Say which address people type, such as https://blog.example.org"
    install --directory --mode=0755 /etc/ublog
    (
        umask 077
        key() { "$python" -c 'import secrets; print(secrets.token_urlsafe(48))'; }
        {
            echo "# Every setting: $root/current/deploy/.env.example. Keep a copy of the keys."
            echo "UBLOG_SITE_URL=$site"
            echo "UBLOG_TRUSTED_PROXIES=1"
            echo "UBLOG_SECRET_KEY=$(key)"
            echo "UBLOG_TOKEN_KEY=$(key)"
        } > /etc/ublog/ublog.env
    )
fi

previous=$(readlink "$root/current" || true)
export UBLOG_EXTRAS="${UBLOG_EXTRAS-$([ "$previous" ] && cat "$previous/installed")}"  # they stay
version=$(basename "$2" | cut -d- -f2)
digest=$({ cat "$2" "$dist"/requirements*.txt; find "$dist/deploy" -type f -exec cat {} +
    "$python" --version; echo "$UBLOG_EXTRAS"; } | sha256sum | cut -c1-8)
release=$root/$version-$digest

if [ ! -e "$release/installed" ]; then
    echo "Packages of $release"
    install --directory --mode=0755 "$root"
    rm -rf "$release"
    sh "$dist/deploy/packages.sh" "$release" || { rm -rf "$release"; fail "Nothing was changed"; }
    cp -r "$dist/deploy" "$release/deploy"
    echo "$UBLOG_EXTRAS" > "$release/installed"
fi

# Make a release the current one, with its units and its command.
activate() {
    ln -sfn "$1" "$root/current.new"
    mv -T "$root/current.new" "$root/current"
    cp -r "$1/deploy/systemd/." /etc/systemd/system/
    install --mode=0755 "$1/deploy/ublog" /usr/local/bin/ublog
}

# Start what is current in place of what runs. Clients wait at the socket.
restart() {
    systemctl daemon-reload &&
        systemctl enable --quiet ublog.target ublog-web.socket ublog-web.service &&
        systemctl enable --quiet ublog-worker@1.service ublog-beat.service &&
        systemctl start ublog-web.socket &&
        systemctl restart ublog-web.service &&
        systemctl restart 'ublog-worker@*.service' ublog-beat.service &&
        systemctl start ublog.target &&
        responds
}

# Wait until the web process and the database respond, as a load balancer checks it, and look
# whether a process has ended.
responds() {
    address=$(systemctl show --property=Listen --value ublog-web.socket | cut -d' ' -f1)
    for _ in $(seq 30); do
        ublog healthy "$address" && sleep 10 && return "$(restarts)"
        sleep 1
    done
    return 1
}

# Print 1 if systemd had to restart a process, else 0.
restarts() {
    systemctl show --property=NRestarts --value ublog-web 'ublog-worker@*' ublog-beat | grep -c -m1 '[1-9]'
}

# Run a command of the current release, or of UBLOG_RELEASE, as the services run.
ublog() { sh "$release/deploy/ublog" "$@"; }

if [ -d /etc/nginx/conf.d ] && [ ! -e /etc/nginx/conf.d/ublog.conf ]; then
    host=$(sed -n 's|^UBLOG_SITE_URL=https*://\([^:/]*\).*|\1|p' /etc/ublog/ublog.env)
    sed "s/blog\.example\.org/$host/" "$release/deploy/nginx/ublog.conf" > /etc/nginx/conf.d/ublog.conf
    echo "Wrote /etc/nginx/conf.d/ublog.conf: read its head, for TLS"
fi

if [ ! -d /run/systemd/system ]; then
    activate "$release"
    echo "systemd does not run here: nothing was started"
    exit 0
fi

if [ "$previous" ] && [ "$previous" != "$release" ]; then
    echo "A backup, by the release that runs"
    ublog backup || fail "Nothing was changed: without a backup there is no upgrade"
    # The previous release serves during it, and could afterwards: CONTRIBUTING.md, "Migrations".
    UBLOG_RELEASE=$release ublog manage migrate --no-input --verbosity=0 ||
        fail "The upgrade failed, and the previous release goes on; see UPGRADING.md, Going back"
fi

activate "$release"
if ! restart; then
    journalctl --unit='ublog-*' --lines=20 --output=cat --no-pager >&2
    [ "$previous" ] && [ "$previous" != "$release" ] || fail "The release does not start"
    activate "$previous"
    restart || fail "The new release does not start, and neither does the previous one"
    fail "The upgrade failed, and the previous release runs again"
fi
if [ "$previous" != "$release" ]; then  # what remains: this release and the one before
    for old in "$root"/*-????????; do
        [ "$old" = "$release" ] || [ "$old" = "$previous" ] || rm -rf "$old"
    done
fi
if [ -d /etc/nginx/conf.d ]; then
    nginx -t -q && systemctl reload nginx || echo "nginx was not reloaded: see above" >&2
fi
echo "μblog runs. The first administrator: ublog superuser. Whether all is well: ublog doctor"
