"""μblog on several machines, and the faults in which nothing is lost: `make cluster`.

    python -m tests.cluster [--seconds 8]

All of them run the wheel, built and installed into an environment of its own. Two web nodes behind
nginx with TLS, two worker nodes, PostgreSQL, Redis and an S3-compatible storage, each on a host of
its own: a network namespace. People read, post and like while a web node is stopped and comes back,
while every node is upgraded one after the other, and while nodes are killed and unplugged. Then all
that was acknowledged is looked for. Ends with status 1 when something of it is lost, or when a
request failed in what is done on purpose.
"""

import argparse
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

from tests import postgres, wheel
from tests.cluster.network import Host, Network, interruptible
from tests.faults import nginx
from tests.faults.load import NO_LIMITS, READING, WRITING, Load
from tests.faults.site import OPEN, ROOT, eventually

RESULTS = ROOT / "bench/results/cluster.json"
NEEDED = ("ip", "setpriv", "nginx", "redis-server", "openssl")
PLANNED = ("all is well", "web1 stopped", "web1 back", "node by node upgraded")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="of each phase")
    options = parser.parse_args()
    missing = [name for name in NEEDED if not shutil.which(name)]
    if os.getuid() or missing or not postgres.find_programs():
        needs = ", ".join([*NEEDED, "PostgreSQL"])
        sys.exit(f"make cluster needs root, to make network namespaces, and {needs}")
    with interruptible(), tempfile.TemporaryDirectory(prefix="ublog-cluster-") as directory:
        os.chmod(directory, 0o755)  # PostgreSQL runs as another user
        ublog = wheel.install(wheel.build(Path(directory) / "dist"), Path(directory) / "venv")
        with Network(Path(directory)) as network:
            cluster = Cluster(network, ublog)
            try:
                cluster.start()
                return rehearse(cluster, options.seconds)
            except BaseException:
                cluster.tell()
                raise


class Cluster:
    """The hosts, and what runs on each."""

    def __init__(self, network: Network, ublog: Path) -> None:
        self.network = network
        self.ublog = ublog  # the installed program
        places = {"storage": 33, "redis": 32, "postgres": 31, "worker1": 21, "worker2": 22}
        places |= {"web1": 11, "web2": 12, "proxy": 2}
        self.hosts = {name: network.host(name, number) for name, number in places.items()}
        at = {name: host.address for name, host in self.hosts.items()}
        self.url = f"https://{at['proxy']}"
        self.variables = {
            "UBLOG_SITE_URL": self.url,
            "UBLOG_TRUSTED_PROXIES": "1",
            "UBLOG_SECRET_KEY": "the first key of a cluster that is thrown away",
            "UBLOG_TOKEN_KEY": "the other key of a cluster that is thrown away",
            "DATABASE_URL": f"postgres://postgres@{at['postgres']}/postgres",
            "REDIS_URL": f"redis://{at['redis']}:6379/0",
            "UBLOG_S3_BUCKET": "pictures",
            "UBLOG_S3_ENDPOINT": f"http://{at['storage']}:9000",
            "UBLOG_S3_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "cluster",
            "AWS_SECRET_ACCESS_KEY": "thrown-away",
            **OPEN,
            **NO_LIMITS,
        }
        self.listeners = {name: self[name].listen(8000) for name in ("web1", "web2")}

    def __getitem__(self, name: str) -> Host:
        return self.hosts[name]

    def start(self) -> None:
        self.start_postgres()
        redis = ["--bind", self["redis"].address, "--protected-mode", "no", "--save", ""]
        self["redis"].launch(
            "redis", ["redis-server", *redis, "--dir", str(self["redis"].directory)], {}
        )
        moto = [sys.executable, "-m", "moto.server", "-H", self["storage"].address, "-p", "9000"]
        self["storage"].launch("storage", moto, {})
        self.join_site()
        for name in ("web1", "web2"):
            self.run(name, "web")
        for name in ("worker1", "worker2"):
            self.run(name, "worker")
        self.run("worker1", "beat")
        self.start_nginx()
        for name in ("web1", "web2"):
            eventually(lambda name=name: self.ready(name))

    def start_postgres(self) -> None:
        host, programs = self["postgres"], postgres.find_programs()
        options = ["-c", f"listen_addresses={host.address}"]
        prefix = [*host.prefix, "--reuid", "nobody", "--clear-groups"]
        self.server = postgres.Server(programs, str(host.directory), options, prefix)
        with open(host.directory / "data/pg_hba.conf", "a") as rules:
            rules.write(f"host all all {self.network.prefix}.0/24 trust\n")
        self.server.start()
        host.running["postgres"] = self.server.process

    def join_site(self) -> None:
        """Migrate and create the bucket. Afterwards this process can use the site's models."""
        os.environ |= {**self.on("this"), "DJANGO_SETTINGS_MODULE": "ublog.settings"}
        subprocess.run([self.ublog, "manage", "prepare"], cwd=self.network.directory, check=True)
        import django

        django.setup()
        from django.core.files.storage import default_storage

        def made() -> bool:
            try:
                default_storage.bucket.create()
            except OSError:
                return False
            return True

        eventually(made)

    def on(self, host: str) -> dict[str, str]:
        """Return the environment on a host: each has a data directory of its own."""
        data = self.network.directory / host / "site"
        data.mkdir(parents=True, exist_ok=True)
        return {**self.variables, "UBLOG_DATA_DIR": str(data)}

    def run(self, host: str, process: str) -> None:
        command, files = [str(self.ublog), process], ()
        if process == "web":
            files = (self.listeners[host].fileno(),)
            command += ["--bind", f"fd://{files[0]}"]
        self[host].launch(process, command, self.on(host), *files)

    def start_nginx(self) -> None:
        host = self["proxy"]
        self.certificate = host.directory / "proxy.pem"
        key = ["-keyout", self.certificate.with_suffix(".key"), "-out", self.certificate]
        name = ["-subj", "/CN=proxy", "-addext", f"subjectAltName=IP:{host.address}"]
        kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "2"]
        make = ["openssl", "req", "-x509", "-nodes", *kind, *name, *key]
        subprocess.run(make, check=True, capture_output=True)
        host.launch("nginx", self.configure_nginx("web1", "web2"), {})

    def configure_nginx(self, *names: str) -> list[str]:
        host = self["proxy"]
        nodes = [f"{self[name].address}:8000 fail_timeout=1s" for name in names]
        return nginx.command(
            host.directory / "nginx", f"{host.address}:443", nodes, self.certificate
        )

    def reload_nginx(self, *names: str) -> None:
        """Have nginx use these nodes only. Return when its old processes have ended."""
        master = self["proxy"].running["nginx"].pid
        before = children(master)
        self.configure_nginx(*names)
        self["proxy"].running["nginx"].send_signal(signal.SIGHUP)
        eventually(lambda: children(master) and not before & children(master))

    def ready(self, name: str) -> bool:
        """Return whether a node is ready, as a load balancer checks it."""
        connection = HTTPConnection(self[name].address, 8000, timeout=20)
        headers = {"Host": self["proxy"].address, "X-Forwarded-Proto": "https"}
        try:
            connection.request("GET", "/health/web/", headers=headers)
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def take_out(self, name: str) -> None:
        """Stop a web node as planned: first it is removed from nginx."""
        self.reload_nginx(*{"web1", "web2"} - {name})
        self.shut(name, signal.SIGTERM)

    def take_in(self, name: str) -> None:
        self.open(name)
        self.reload_nginx("web1", "web2")

    def shut(self, name: str, number: int) -> None:
        """Stop a web node, and close its socket."""
        self.listeners.pop(name).close()
        self[name].stop("web", number)

    def open(self, name: str) -> None:
        self.listeners[name] = self[name].listen(8000)
        self.run(name, "web")
        eventually(lambda: self.ready(name))

    def upgrade(self) -> None:
        """Restart node by node, as in docs/operations.md: each finishes its requests and tasks."""
        for name in ("web1", "web2"):
            self[name].stop("web")
            self.run(name, "web")
            eventually(lambda name=name: self.ready(name))
        for name in ("worker1", "worker2"):
            for process in list(self[name].running):
                self[name].stop(process)
                self.run(name, process)

    def kill_workers(self) -> None:
        for process in ("worker", "beat"):
            self["worker1"].stop(process, signal.SIGKILL)

    def tell(self) -> None:
        for name, host in self.hosts.items():
            if tail := host.log_tail():
                print(f"---- {name}\n{tail}", file=sys.stderr)


def children(pid: int) -> set[str]:
    return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def rehearse(cluster: Cluster, seconds: float) -> int:
    context = ssl.create_default_context(cafile=cluster.certificate)
    load = Load(cluster.url, people=6, context=context)
    phases: list[tuple[str, Callable[[], object]]] = [
        ("all is well", lambda: None),
        ("web1 stopped", lambda: cluster.take_out("web1")),
        ("web1 back", lambda: cluster.take_in("web1")),
        ("node by node upgraded", cluster.upgrade),
        ("web2 killed", lambda: cluster.shut("web2", signal.SIGKILL)),
        ("web2 back", lambda: cluster.open("web2")),
        ("web1 unplugged", lambda: cluster["web1"].plug("down")),
        ("web1 plugged in", lambda: cluster["web1"].plug("up")),
        ("worker1 and beat killed", cluster.kill_workers),
        ("worker1 and beat back", lambda: [cluster.run("worker1", p) for p in ("worker", "beat")]),
    ]
    print(f"Eight hosts run: {cluster.url}", flush=True)
    rows = []
    with load:
        for name, event in phases:
            load.phase, began = name, time.monotonic()
            event()
            time.sleep(seconds)
            rows.append(row(load, name, time.monotonic() - began))
    waited = eventually(nothing_waits, 120)
    return report(load, rows, waited)


def nothing_waits() -> bool:
    from django.db import OperationalError, connection

    from ublog.core.models import OutboxEntry

    try:
        return not OutboxEntry.objects.exists()
    except OperationalError:
        connection.close()
        return False


def row(load: Load, phase: str, seconds: float) -> dict[str, object]:
    """Return the numbers of a phase, and print them."""
    found: dict[str, object] = {"phase": phase, "seconds": round(seconds, 1)}
    for kind in (READING, WRITING):
        found[kind] = load.asked(kind, phase)
        found[f"{kind} failed"] = load.failed(kind, phase)
    if phase == "all is well":
        print(f"{'phase':26}" + "".join(f"{name:>16}" for name in list(found)[1:]))
    line = "".join(f"{value:>16}" for value in list(found.values())[1:])
    print(f"{phase:26}{line}", flush=True)
    return found


def report(load: Load, rows: list[dict[str, object]], waited: float) -> int:
    lost, bare = load.lost(), without_renditions(load)
    failed = sum(load.failed(phase=phase) for phase in PLANNED)
    print(
        f"{load.summary()}; all work in the background done {waited:.0f} s after the last post, "
        f"{len(bare)} pictures without renditions; {failed} requests failed in what is planned"
    )
    figures = {
        "phases": rows,
        "acknowledged": {"posts": len(load.posts), "likes": len(load.likes)},
        "lost": lost,
        "failed in what is planned": failed,
        "pictures without renditions": bare,
    }
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n")
    return int(bool(lost) or failed > 0 or bool(bare))


def without_renditions(load: Load) -> list[int]:
    from ublog.blog.models import Post

    pictures = [id for id, (_, picture) in load.posts.items() if picture]
    return [post.pk for post in Post.objects.filter(pk__in=pictures) if not post.thumbnail]


if __name__ == "__main__":
    sys.exit(main())
