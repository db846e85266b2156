#!/bin/sh
# μblog on one Debian or Ubuntu server, from a checkout at /opt/ublog. Run it as root:
#
#   sh deploy/install.sh https://blog.example.org
#
# and again after `git pull` to upgrade: it changes nothing that is right already, and never a
# setting of yours. Needs nginx, make, and Python 3.11 or newer with venv.
set -eu

here=$(dirname "$(dirname "$(readlink -f "$0")")")
[ "$here" = /opt/ublog ] || { echo "The checkout must be at /opt/ublog, not $here" >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "Run this as root" >&2; exit 1; }
cd /opt/ublog

id ublog >/dev/null 2>&1 ||
    useradd --system --user-group --home-dir /var/lib/ublog --shell /usr/sbin/nologin ublog

if [ ! -e /etc/ublog/ublog.env ]; then
    [ $# = 1 ] || { echo "Say which address people type, such as https://blog.example.org" >&2; exit 1; }
    install --directory --mode=0755 /etc/ublog
    (
        umask 077
        key() { python3 -c 'import secrets; print(secrets.token_urlsafe(48))'; }
        {
            echo "# Every setting: /opt/ublog/.env.example. Keep a copy of the keys."
            echo "UBLOG_SITE_URL=$1"
            echo "UBLOG_TRUSTED_PROXIES=1"
            echo "UBLOG_SECRET_KEY=$(key)"
            echo "UBLOG_TOKEN_KEY=$(key)"
        } > /etc/ublog/ublog.env
    )
fi

echo "Packages and front end"
python3 tools/bootstrap.py
.venv/bin/python tools/frontend.py build
install --directory --owner=ublog --group=ublog --mode=0755 staticfiles

echo "Units"
cp -r deploy/systemd/. /etc/systemd/system/
if [ -d /etc/nginx/conf.d ] && [ ! -e /etc/nginx/conf.d/ublog.conf ]; then
    host=$(sed -n 's|^UBLOG_SITE_URL=https*://\([^:/]*\).*|\1|p' /etc/ublog/ublog.env)
    sed "s/blog\.example\.org/$host/" deploy/nginx/ublog.conf > /etc/nginx/conf.d/ublog.conf
    echo "Wrote /etc/nginx/conf.d/ublog.conf: read its head, for TLS"
fi

if [ ! -d /run/systemd/system ]; then
    echo "systemd does not run here: nothing was started"
    exit 0
fi
systemctl daemon-reload
systemctl enable --quiet ublog.target ublog-web.socket ublog-web.service
systemctl enable --quiet ublog-worker@1.service ublog-beat.service
systemctl start ublog-web.socket
# Migrates first. Until then, and during a restart, clients wait at the socket.
systemctl restart ublog-web.service
systemctl restart 'ublog-worker@*.service' ublog-beat.service
systemctl start ublog.target
nginx -t -q && systemctl reload nginx
echo "μblog runs. The first administrator:"
echo "  systemd-run --pty --uid=ublog -p EnvironmentFile=/etc/ublog/ublog.env \\"
echo "    -p WorkingDirectory=/opt/ublog -E UBLOG_DATA_DIR=/var/lib/ublog \\"
echo "    .venv/bin/python manage.py createsuperuser"
