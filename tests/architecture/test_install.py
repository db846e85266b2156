"""deploy/install.sh, with stand-ins for systemd and for what it installs.

A release either runs, or the previous one goes on. docs/operations.md says where the script was
walked through with a real systemd.
"""

import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
PLACES = ("/opt/ublog", "/etc/ublog", "/etc/systemd/system", "/usr/local/bin/", "/run/systemd")
PLACES += ("/etc/nginx/conf.d", "/var/lib/ublog")
# Each call is noted, with the release that is current, and fails when the test says so: in `fails`
# is a line such as "ublog backup*".
NOTE = """#!/bin/sh
current=$(readlink {root}/opt/ublog/current) || true
call="$(basename "$0") $* on $(basename "$current")"
echo "$call" >> {root}/calls
while read -r failure; do case "$call" in $failure) exit 1 ;; esac; done < {root}/fails
"""
PROGRAMS = {
    "id": "echo 0",
    "systemctl": NOTE + 'case "$1" in show) echo 0 ;; esac',
    "systemd-run": 'while case "$1" in -*) true ;; *) false ;; esac; do shift; done; exec "$@"',
    "journalctl": "",
    "nginx": "",
    "sleep": "",
}
PACKAGES = """#!/bin/sh
dist=$(dirname "$(dirname "$0")")
mkdir -p "$1/bin" && cp "$dist/program" "$1/bin/ublog" && [ ! -e "$dist/packages-fail" ]
"""


@pytest.fixture
def server(tmp_path):
    """A server on which install.sh runs, with a directory of its own in place of `/`."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, text in PROGRAMS.items():
        program(programs / name, text.format(root=tmp_path))
    for place in PLACES:
        (tmp_path / place.strip("/")).mkdir(parents=True)
    (tmp_path / "run/systemd/system").mkdir()

    def install(release: str, *fails: str, packages_fail: bool = False, **environment: str):
        (tmp_path / "calls").write_text("")
        (tmp_path / "fails").write_text("".join(f"{line}\n" for line in fails))
        dist = tmp_path / f"dist-{release}"
        write_dist(dist, release, tmp_path, packages_fail)
        result = subprocess.run(
            ["sh", dist / "deploy/install.sh", "https://blog.example.org"],
            env={"PATH": f"{programs}:/usr/sbin:/usr/bin:/sbin:/bin", **environment},
            capture_output=True,
            text=True,
        )
        return SimpleNamespace(
            status=result.returncode,
            printed=result.stdout + result.stderr,
            calls=(tmp_path / "calls").read_text(),
            current=(tmp_path / "opt/ublog/current").resolve().name.partition("-")[0],
            kept=sorted(one.name.partition("-")[0] for one in (tmp_path / "opt/ublog").glob("*-*")),
        )

    install.root = tmp_path
    return install


def write_dist(dist: Path, release: str, root: Path, packages_fail: bool) -> None:
    """Write what `make dist` would, with a program that only notes how it is called."""
    shutil.rmtree(dist, ignore_errors=True)
    shutil.copytree(DEPLOY, dist / "deploy")
    (dist / f"ublog-{release}-py3-none-any.whl").write_text(release)
    (dist / "requirements.txt").write_text("")
    program(dist / "program", NOTE.format(root=root))
    (dist / "deploy/packages.sh").write_text(PACKAGES)
    if packages_fail:
        (dist / "packages-fail").touch()
    for name in ("install.sh", "ublog"):
        text = (dist / "deploy" / name).read_text()
        for place in PLACES:
            text = text.replace(place, f"{root}{place}")
        (dist / "deploy" / name).write_text(text)


def program(path: Path, text: str) -> None:
    path.write_text(text if text.startswith("#!") else f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_a_first_release_is_started_without_a_backup(server):
    done = server("1.0")
    assert (done.status, done.current) == (0, "1.0"), done.printed
    assert "systemctl restart ublog-web.service" in done.calls
    assert "backup" not in done.calls
    settings = server.root / "etc/ublog/ublog.env"
    assert "UBLOG_SITE_URL=https://blog.example.org\n" in settings.read_text()
    assert settings.stat().st_mode & 0o077 == 0
    assert (server.root / "etc/systemd/system/ublog-web.service").exists()


def test_an_upgrade_makes_a_backup_migrates_and_restarts_in_this_order(server):
    server("1.0")
    done = server("1.1")
    assert (done.status, done.current) == (0, "1.1"), done.printed
    steps = ("ublog backup", "ublog manage migrate", "systemctl restart ublog-web")
    places = [done.calls.index(step) for step in steps]
    assert places == sorted(places)


def test_the_release_before_is_kept_and_no_older_one(server):
    for release in ("1.0", "1.1", "1.2"):
        done = server(release)
    assert done.kept == ["1.1", "1.2"]
    assert done.current == "1.2"


def test_the_same_release_is_not_installed_again(server):
    server("1.0")
    done = server("1.0", packages_fail=True)
    assert (done.status, done.current) == (0, "1.0"), done.printed
    assert "Packages" not in done.printed
    assert "backup" not in done.calls


def test_settings_and_extras_stay(server):
    server("1.0", UBLOG_EXTRAS="s3")
    settings = (server.root / "etc/ublog/ublog.env").read_text()
    server("1.1")
    current = server.root / "opt/ublog/current"
    assert (current / "installed").read_text() == "s3\n"
    assert (server.root / "etc/ublog/ublog.env").read_text() == settings


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        ("ublog backup*", "without a backup there is no upgrade"),
        ("ublog manage migrate*", "the previous release goes on"),
    ],
)
def test_a_failure_before_the_restart_leaves_the_site_alone(server, failure, said):
    server("1.0")
    done = server("1.1", failure)
    assert (done.status, done.current) == (1, "1.0")
    assert said in done.printed
    assert "restart" not in done.calls


def test_packages_that_cannot_be_installed_leave_the_site_alone(server):
    server("1.0")
    done = server("1.1", packages_fail=True)
    assert (done.status, done.current, done.kept) == (1, "1.0", ["1.0"])
    assert "Nothing was changed" in done.printed
    assert done.calls == ""


@pytest.mark.parametrize("failure", ["systemctl restart ublog-web.service", "ublog healthy*"])
def test_a_release_that_does_not_start_gives_way_to_the_previous_one(server, failure):
    server("1.0")
    done = server("1.1", f"{failure} on 1.1-*")
    assert (done.status, done.current) == (1, "1.0")
    assert "the previous release runs again" in done.printed
    restarts = [line for line in done.calls.splitlines() if "restart ublog-web" in line]
    assert ["on 1.1-" in restarts[0], "on 1.0-" in restarts[1]] == [True, True]


def test_a_process_that_ends_again_and_again_is_no_start(server):
    server("1.0")
    program(server.root / "programs/systemctl", 'case "$*" in *NRestarts*) echo 3 ;; esac')
    done = server("1.1")
    assert done.status == 1
    assert "neither does the previous one" in done.printed


def test_a_release_that_was_started_again_does_not_remove_the_one_before(server):
    for release in ("1.0", "1.1", "1.1"):
        done = server(release)
    assert done.kept == ["1.0", "1.1"]


def test_it_says_what_is_missing(server):
    (server.root / "dist").mkdir()
    write_dist(server.root / "dist", "1.0", server.root, packages_fail=False)
    (server.root / "dist/ublog-1.0-py3-none-any.whl").unlink()
    script = server.root / "dist/deploy/install.sh"
    path = f"{server.root / 'programs'}:/usr/bin:/bin"
    result = subprocess.run(["sh", script], env={"PATH": path}, capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr.startswith("Not one wheel is in ")
