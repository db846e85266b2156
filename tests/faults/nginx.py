"""Run a real nginx with deploy/nginx/ublog.conf in a temporary directory."""

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.faults.site import ROOT

# Debian keeps it where only root's shell looks.
PATH = "/usr/sbin:/usr/local/sbin"
PROGRAM = shutil.which("nginx") or shutil.which("nginx", path=PATH)
CONF = ROOT / "deploy/nginx/ublog.conf"
AROUND = """
{user}worker_processes 1;
error_log stderr warn;
pid {directory}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    include {directory}/ublog.conf;
}}
"""


def is_installed() -> bool:
    return bool(shutil.which("nginx") or shutil.which("nginx", path=PATH))


def command(
    directory: Path, listen: str, upstreams: Sequence[str], certificate: Path | None = None
) -> list[str]:
    """Write the configuration to the directory. Return the command that runs nginx in foreground.

    With a certificate (its key beside it, as .key) the lines marked TLS are enabled.
    """
    directory.mkdir(parents=True, exist_ok=True)
    text = CONF.read_text()
    if certificate:
        text = swap(
            text, r"listen 80; +# TLS: listen 443 ssl http2;", f"listen {listen} ssl http2;"
        )
        text = swap(text, r"# (ssl_\w+ +.+;) +# TLS", r"\1")
        text = swap(text, r"/etc/\S+/fullchain\.pem", str(certificate))
        text = swap(text, r"/etc/\S+/privkey\.pem", str(certificate.with_suffix(".key")))
    else:
        text = swap(text, r"listen 80; .*", f"listen {listen};")
    one = r"    server unix:/run/ublog/web.sock max_fails=0;\n"
    servers = "".join(f"    server {address};\n" for address in upstreams)
    text = swap(text, one * 2, servers)
    text = swap(text, r"/var/cache/ublog-nginx", f"{directory}/cache")
    text = swap(text, r"/var/log/nginx/ublog.log", f"{directory}/access.log")
    text = swap(text, r"/opt/ublog/current/", f"{ROOT}/")
    # Started by root, nginx would switch to a user who may not read this directory.
    user = "" if os.getuid() else "user root;\n"
    (directory / "ublog.conf").write_text(text)
    (directory / "nginx.conf").write_text(AROUND.format(directory=directory, user=user))
    options = ["-p", str(directory), "-c", str(directory / "nginx.conf"), "-g", "daemon off;"]
    return [PROGRAM or "nginx", *options]


def swap(text: str, pattern: str, new: str) -> str:
    """Replace a pattern. Raise AssertionError when it is not in the text."""
    changed, count = re.subn(pattern, new, text)
    assert count, f"deploy/nginx/ublog.conf has no {pattern}"
    return changed
