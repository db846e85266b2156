"""The `ublog` command of an installed wheel: what `make` does in a checkout.

    ublog run [--host 127.0.0.1] [--port 8000]    start μblog
    ublog demo [--posts 1000]                     fill an empty site with people, posts and likes
    ublog superuser                               make an administrator
    ublog doctor                                  say what is wrong with this site, and what to do
    ublog backup [--to DIRECTORY]                 copy database and pictures, while the site runs
    ublog restore DIRECTORY                       fill an empty site with a backup
    ublog verify DIRECTORY                        read a backup through
    ublog manage COMMAND …                        any command of Django

Data is in the user's data directory, or in UBLOG_DATA_DIR; every other setting is an environment
variable, too. For a site whose processes something else starts, such as systemd or containers:

    ublog web [--bind ADDRESS]                    gunicorn, with any option of its own
    ublog worker                                  a worker, or one more
    ublog beat                                    what sends the scheduled tasks; one for a site
    ublog healthy [ADDRESS]                       exit with 0 if the web process there is ready:
                                                  HOST:PORT, or the path of a Unix socket
"""

import os
import sys
from importlib.metadata import version

from ublog import paths
from ublog.run import command, health, supervisor
from ublog.run.startup import data_directory

PROCESSES = {
    "web": supervisor.COMMANDS["web"],
    "worker": ["ublog.run.worker"],
    "beat": ["ublog.run.beat"],
}
MANAGE = {
    "demo": ["demo"],
    "superuser": ["superuser"],
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
    if name in PROCESSES:
        become(PROCESSES[name], arguments)
    if name == "healthy":
        return 0 if health.is_ready(*arguments[:1]) else 1
    if name in MANAGE:
        os.umask(0o077)
        sys.argv = ["ublog", *MANAGE[name], *arguments]
        return command.main()
    if name == "--version":
        return say(f"μblog {version('ublog')}, data in {data_directory()}")
    say(__doc__ or "")
    return 0 if name in ("--help", "-h", "help") else 2


def become(module: list[str], arguments: list[str]) -> None:
    """Replace this process by one of a site, which finds its settings by itself.

    It keeps the process id, which systemd knows, and the sockets that were passed on.
    """
    os.environ["UBLOG_DATA_DIR"] = str(data_directory())
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")  # read when a process starts
    os.chdir(paths.ROOT)
    os.execv(sys.executable, [sys.executable, "-m", *module, *arguments])  # noqa: S606


def say(text: str) -> int:
    sys.stdout.write(f"{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
