"""nginx with deploy/nginx/ublog.conf, in front of nodes that return the headers they were sent."""

import json
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.faults import nginx
from tests.faults.site import eventually, free_port, is_up
from ublog.core.request_size import MAX_REQUEST

pytestmark = pytest.mark.skipif(not nginx.PROGRAM, reason="nginx is not installed")


class Node(BaseHTTPRequestHandler):
    """A server that returns the headers of the request; with the status 0, it hangs up."""

    def respond(self) -> None:
        self.server.requests.append(f"{self.command} {self.path}")
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.status == 0:
            return
        body = json.dumps(dict(self.headers)).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = respond

    def log_message(self, *_) -> None:
        pass


@contextmanager
def node(status: int) -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Node) as server:
        server.status, server.requests = status, []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@contextmanager
def proxy(directory, *nodes, certificate=None) -> Iterator[int]:
    """Yield the port of an nginx in front of nodes; with TLS, if it has a certificate."""
    port = free_port()
    upstreams = [f"127.0.0.1:{made.server_port} max_fails=0" for made in nodes]
    command = nginx.command(
        directory, f"127.0.0.1:{port}", upstreams or ["127.0.0.1:1"], certificate
    )
    with subprocess.Popen(command) as process:
        try:
            eventually(lambda: is_up(port))
            yield port
        finally:
            process.terminate()


def ask(port, path, method="GET", body=None, **headers):
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, dict(response.headers), response.read().decode()


def test_forged_headers_are_not_passed_on(tmp_path):
    forged = {"X-Forwarded-For": "8.8.8.8", "X-Forwarded-Proto": "https", "X-Request-ID": "mine"}
    forged["X-Forwarded-Host"] = "evil.example.org"
    with node(200) as one, proxy(tmp_path, one) as port:
        seen = json.loads(ask(port, "/", **forged)[2])
    assert seen["X-Forwarded-For"] == "127.0.0.1"
    assert seen["X-Forwarded-Proto"] == "http"
    assert seen["X-Forwarded-Host"] == "127.0.0.1"
    assert len(seen["X-Request-ID"]) == 32
    assert seen["Host"] == f"127.0.0.1:{port}"


def test_safe_and_idempotent_requests_are_sent_to_another_node(tmp_path):
    with node(0) as dying, node(200) as well, proxy(tmp_path, dying, well) as port:
        assert {ask(port, "/")[0] for _ in range(4)} == {200}
        assert dying.requests
        posted = [ask(port, "/", "POST", b"Hello")[0] for _ in range(4)]
    assert set(posted) == {200, 502}
    assert posted.count(502) == dying.requests.count("POST /")


KEYED = ["/api/fbv/posts/new/", "/api/cbv/posts/", "/graphql/"]


@pytest.mark.parametrize("status", [0, 502, 503])
@pytest.mark.parametrize("path", KEYED)
def test_g1_a_post_with_an_idempotency_key_is_sent_to_another_node(tmp_path, path, status):
    with node(status) as dying, node(200) as well, proxy(tmp_path, dying, well) as port:
        responses = [
            ask(port, path, "POST", b"Hello", **{"Idempotency-Key": f"key {n}"}) for n in range(4)
        ]
        assert [status for status, _, _ in responses] == [200] * 4
        assert dying.requests
        seen = [json.loads(body) for _, _, body in responses]
        assert [headers["Idempotency-Key"] for headers in seen] == [f"key {n}" for n in range(4)]
        assert {headers["X-Forwarded-For"] for headers in seen} == {"127.0.0.1"}
        assert {headers["Content-Length"] for headers in seen} == {"5"}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD"])
def test_g1_idempotent_methods_are_sent_to_another_node(tmp_path, method):
    with node(0) as dying, node(200) as well, proxy(tmp_path, dying, well) as port:
        assert {ask(port, "/api/cbv/posts/7/like/", method)[0] for _ in range(4)} == {200}
        assert dying.requests


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        *[("POST", path, {}) for path in KEYED],
        *[("POST", path, {"Idempotency-Key": ""}) for path in KEYED],
        ("POST", "/api/cbv/posts/7/like/", {"Idempotency-Key": "a key"}),
        ("PATCH", "/api/cbv/posts/7/", {"Idempotency-Key": "a key"}),
    ],
)
def test_g1_other_requests_are_sent_once(tmp_path, method, path, headers):
    with node(0) as dying, node(200) as well, proxy(tmp_path, dying, well) as port:
        got = [ask(port, path, method, b"Hello", **headers)[0] for _ in range(4)]
        assert set(got) == {200, 502}
        assert got.count(502) == len(dying.requests)


def test_g1_without_a_node_a_post_with_an_idempotency_key_is_a_502(tmp_path):
    with proxy(tmp_path) as port:
        key = {"Idempotency-Key": "a key"}
        status, headers, body = ask(port, "/api/cbv/posts/", "POST", b"{}", **key)
        assert ask(port, "/api/cbv/posts/", "POST", bytes(MAX_REQUEST + 1), **key)[0] == 413
    assert (status, headers["Retry-After"]) == (502, "5")
    assert headers["Content-Type"].startswith("application/json")
    assert "away for a moment" in body


def test_a_static_file_that_one_node_lacks_is_requested_from_another(tmp_path):
    with node(404) as older, node(200) as newer, proxy(tmp_path, older, newer) as port:
        assert {ask(port, f"/static/{number}.js")[0] for number in range(4)} == {200}
        assert {ask(port, "/posts/1")[0] for _ in range(4)} == {404, 200}


@pytest.mark.parametrize(("path", "kind"), [("/", "text/html"), ("/api/x/", "application/json")])
def test_without_a_node_the_response_is_a_502(tmp_path, path, kind):
    with proxy(tmp_path) as port:
        status, headers, body = ask(port, path)
    assert status == 502
    assert headers["Retry-After"] == "5"
    assert headers["Content-Type"].startswith(kind)
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "away for a moment" in body


def test_a_503_of_the_site_passes_unchanged(tmp_path):
    with node(503) as one, proxy(tmp_path, one) as port:
        status, _, body = ask(port, "/api/fbv/posts/new/", "POST", b"{}")
    assert status == 503
    assert "X-Request-ID" in body


@pytest.mark.parametrize(("path", "kind"), [("/", "text/html"), ("/graphql/", "application/json")])
def test_a_body_that_is_too_large_is_not_passed_on(tmp_path, path, kind):
    with node(200) as one, proxy(tmp_path, one) as port:
        status, headers, _ = ask(port, path, "POST", bytes(MAX_REQUEST + 1))
        assert (status, one.requests) == (413, [])
        assert "Retry-After" not in headers
        assert headers["Content-Type"].startswith(kind)
        assert ask(port, path, "POST", bytes(MAX_REQUEST))[0] == 200


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/metrics/x", "/-/down.html"])
def test_metrics_and_error_pages_are_a_404(tmp_path, path):
    with node(200) as one, proxy(tmp_path, one) as port:
        assert ask(port, path)[0] == 404
        assert one.requests == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Create a self-signed certificate, with its key beside it."""
    made = tmp_path_factory.mktemp("certificate") / "proxy.pem"
    files = ["-out", made, "-keyout", made.with_suffix(".key")]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run(
        ["openssl", "req", "-x509", *kind, *files, "-subj", "/CN=localhost"],
        check=True,
        capture_output=True,
    )
    return made


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
@pytest.mark.parametrize(
    ("suite", "accepted"),
    [
        ("ECDHE-ECDSA-AES128-GCM-SHA256", True),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", True),
        ("ECDHE-ECDSA-AES128-SHA", False),
        ("ECDHE-ECDSA-AES256-CCM8", False),
    ],
)
def test_tls_1_2_has_strong_cipher_suites_only(tmp_path, certificate, suite, accepted):
    visitor = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    visitor.check_hostname, visitor.verify_mode = False, ssl.CERT_NONE
    visitor.maximum_version = ssl.TLSVersion.TLSv1_2
    visitor.set_ciphers(suite)
    with (
        proxy(tmp_path, certificate=certificate) as port,
        socket.create_connection(("127.0.0.1", port), timeout=60) as plain,
        nullcontext() if accepted else pytest.raises(ssl.SSLError, match="HANDSHAKE_FAILURE"),
        visitor.wrap_socket(plain) as secure,
    ):
        assert (secure.version(), secure.cipher()[0]) == ("TLSv1.2", suite)


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
@pytest.mark.parametrize("length", [True, False], ids=["with its length", "without"])
def test_too_large_a_body_is_our_413_in_every_version_of_http(
    tmp_path, certificate, version, length
):
    (tmp_path / "body").write_bytes(bytes(MAX_REQUEST + 1))
    # curl sends what it reads from its input in chunks, in HTTP/2 without a length.
    body = ["-T", "-", "-X", "POST"] if not length else ["--data-binary", f"@{tmp_path}/body"]
    with node(200) as one, proxy(tmp_path / "nginx", one, certificate=certificate) as port:
        url = f"https://127.0.0.1:{port}/api/fbv/posts/new/"
        curl = ["curl", "-ksS", "-i", version, *body, "-H", "Expect:", url]
        with (tmp_path / "body").open("rb") as content:
            done = subprocess.run(curl, stdin=content, capture_output=True, timeout=120)
    head, _, text = done.stdout.decode().replace("\r\n", "\n").partition("\n\n")
    assert head.split()[:2] == [{"--http2": "HTTP/2"}.get(version, "HTTP/1.1"), "413"], done.stderr
    assert json.loads(text) == {"detail": "This is too large."}
    assert one.requests == []
