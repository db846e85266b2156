"""deploy/nginx/ublog.conf, served by a real nginx in a folder of its own."""

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
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/ublog.conf;
}}
"""


def is_installed() -> bool:
    return bool(shutil.which("nginx") or shutil.which("nginx", path=PATH))


def command(
    folder: Path, listen: str, upstreams: Sequence[str], certificate: Path | None = None
) -> list[str]:
    """How to start nginx there; it stays in the foreground. A certificate (key beside it, as
    .key) turns on what the file marks with TLS."""
    folder.mkdir(parents=True, exist_ok=True)
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
    text = swap(text, r"/var/cache/ublog-nginx", f"{folder}/cache")
    text = swap(text, r"/var/log/nginx/ublog.log", f"{folder}/access.log")
    text = swap(text, r"/opt/ublog/", f"{ROOT}/")
    # Started by root, its processes would change to a user who may not read this folder.
    user = "" if os.getuid() else "user root;\n"
    (folder / "ublog.conf").write_text(text)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    options = ["-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    return [PROGRAM or "nginx", *options]


def swap(text: str, pattern: str, new: str) -> str:
    """Replace what is there; an AssertionError when it is not, or no longer."""
    changed, count = re.subn(pattern, new, text)
    assert count, f"deploy/nginx/ublog.conf has no {pattern}"
    return changed
