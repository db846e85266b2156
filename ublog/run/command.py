"""Run a management command with the environment that `make run` gives its processes.

    python -m ublog.run.command [--host 127.0.0.1] [--port 8000] [--alone] COMMAND …

`manage.py` alone would not know the site's URL, and could not run on a new data directory, which
has no secrets yet. `--alone` fails while the site runs.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from ublog.run.startup import abort, data_directory, open_data_directory, read_settings, site_url


def main() -> int:
    """Run the command. Return its exit status."""
    parser = argparse.ArgumentParser(prog="ublog.run.command", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    data = open_data_directory() if options.alone else data_directory()
    if not (options.alone or data.is_dir()):
        abort(f"there is no data directory {data}")
    environment = read_settings(data)
    if not environment.get("UBLOG_SITE_URL"):
        environment["UBLOG_SITE_URL"] = site_url(options.host, options.port)
    command = [sys.executable, "-m", "ublog.manage", *options.command]
    return subprocess.run(command, env=environment, cwd=Path.cwd()).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
