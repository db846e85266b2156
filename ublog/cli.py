"""The `ublog` command of an installed wheel: what `make` does in a checkout.

    ublog run [--host 127.0.0.1] [--port 8000]    start μblog
    ublog demo [--posts 1000]                     fill an empty site with people, posts and likes
    ublog superuser                               make an administrator
    ublog doctor                                  say what is wrong with this site, and what to do
    ublog backup [--to DIRECTORY]                 copy database and pictures, while the site runs
    ublog restore DIRECTORY                       fill an empty site with a backup
    ublog verify DIRECTORY                        read a backup through
    ublog worker                                  one more worker, for a site that runs
    ublog manage COMMAND …                        any command of Django

Data is in the user's data directory, or in UBLOG_DATA_DIR; every other setting is an environment
variable, too.
"""

import os
import runpy
import sys
from importlib.metadata import version

from ublog.run import command, supervisor
from ublog.run.startup import data_directory, read_settings

MANAGE = {
    "demo": ["demo"],
    "superuser": ["createsuperuser"],
    "doctor": ["doctor"],
    "backup": ["backup"],
    "restore": ["--alone", "restore"],
    "verify": ["verify"],
    "manage": [],
}


def main() -> int:
    """Run the command that sys.argv names. Return its exit status."""
    name, arguments = (sys.argv[1:2] or ["--help"])[0], sys.argv[2:]
    if name == "run":
        sys.argv = ["ublog run", *arguments]
        return supervisor.start()
    if name == "worker":
        return worker()
    if name in MANAGE:
        os.umask(0o077)
        sys.argv = ["ublog", *MANAGE[name], *arguments]
        return command.main()
    if name == "--version":
        return say(f"μblog {version('ublog')}, data in {data_directory()}")
    say(__doc__ or "")
    return 0 if name in ("--help", "-h", "help") else 2


def worker() -> int:
    """Become a worker of the site whose data this user has."""
    os.environ.update(read_settings(data_directory()))
    runpy.run_module("ublog.run.worker", run_name="__main__")
    return 0


def say(text: str) -> int:
    sys.stdout.write(f"{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
