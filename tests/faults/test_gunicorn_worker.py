"""E5: ublog.run.gunicorn_worker, in which a thread gets only complete requests."""

import hashlib
import inspect
import json
import os
import signal
import socket
import time
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection, HTTPResponse

import gunicorn
import pytest
from gunicorn.config import Config
from gunicorn.http.body import ChunkedReader, LengthReader
from gunicorn.http.message import Message, Request
from gunicorn.http.unreader import Unreader
from gunicorn.workers import gthread

from tests.faults.echo import FILE, Echo, echo
from tests.faults.site import eventually
from ublog.core.request_size import MAX_REQUEST
from ublog.run.gunicorn_worker import Worker
from ublog.run.gunicorn_worker.incoming import SILENT, Incoming
from ublog.run.gunicorn_worker.spool import ClientSocket, Spool

GET = b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /posted HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
CHUNKED = b"POST /chunked HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
PATIENCE = {"FIRST_BYTE": 1, "HEAD": 1, "PAUSE": 1}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with echo(tmp_path_factory.mktemp("echo")) as server:
        yield server


def connect(server: Echo) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=60)


def response(client: socket.socket, method: str = "GET") -> tuple[int, dict, bytes]:
    """Read the next response. Return status, headers and body."""
    response = HTTPResponse(client, method=method)
    response.begin()
    return response.status, dict(response.headers), response.read()


def said(client: socket.socket) -> dict:
    """Read the next response. Return the request as the application received it."""
    status, _, body = response(client)
    assert status == 200
    return json.loads(body)


def is_closed(client: socket.socket) -> bool:
    """Return whether the server closes the connection without another byte."""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


def in_pieces(client: socket.socket, data: bytes, size: int) -> None:
    for start in range(0, len(data), size):
        client.sendall(data[start : start + size])
        time.sleep(0.001)


def test_a_request_may_come_in_pieces(server):
    with connect(server) as client:
        in_pieces(client, POST % 5 + b"Hello", 3)
        heard = said(client)
    assert (heard["length"], heard["received"]) == ("5", 5)
    assert heard["sha256"] == hashlib.sha256(b"Hello").hexdigest()


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_chunked_body_may_come_in_pieces_and_has_a_length(server, size):
    body = b"5\r\nHello\r\n1;name=value\r\n \r\n5\r\nWorld\r\n0\r\nX-Trailer: 1\r\n\r\n"
    with connect(server) as client:
        in_pieces(client, CHUNKED + body, size)
        heard = said(client)
        assert (heard["length"], heard["received"]) == ("11", 11)
        assert heard["sha256"] == hashlib.sha256(b"Hello World").hexdigest()
        client.sendall(GET % b"next")
        assert said(client)["path"] == "next"


def test_pipelined_requests_get_their_responses_in_order(server):
    last = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") % b"four"
    with connect(server) as client, client.makefile("rb") as responses:
        client.sendall(GET % b"one" + POST % 3 + b"two" + CHUNKED + b"0\r\n\r\n" + last)
        received = [json.loads(line) for line in responses if line.startswith(b"{")]
    assert [one["path"] for one in received] == ["one", "posted", "chunked", "four"]
    assert received[1]["received"] == 3


def test_a_connection_is_used_again(server):
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        for method, body in [("GET", None), ("HEAD", None), ("POST", b"Hello"), ("GET", None)]:
            connection.request(method, "/again", body)
            response = connection.getresponse()
            assert (response.status, response.will_close) == (200, False)
            assert (method == "HEAD") == (response.read() == b"")


def test_a_client_that_expects_100_continue_gets_it_before_the_body(server):
    with connect(server) as client:
        client.sendall(
            b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
        )
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"Hello")
        assert said(client)["received"] == 5


def test_a_large_body_arrives_as_it_was_sent(server):
    body = os.urandom(MAX_REQUEST)
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("POST", "/large", body)
        heard = json.loads(connection.getresponse().read())
    assert heard["received"] == len(body)
    assert heard["sha256"] == hashlib.sha256(body).hexdigest()


def test_a_body_over_the_limit_is_not_received(server):
    """The application gets its length without a byte of it, and responds with a 413."""
    with connect(server) as client:
        client.sendall(POST % (MAX_REQUEST + 1) + b"The beginning")
        status, headers, body = response(client)
        assert (status, headers["Connection"]) == (200, "close")
        assert json.loads(body)["length"] == str(MAX_REQUEST + 1)
        assert json.loads(body)["received"] == 0
        assert is_closed(client)


def test_a_client_with_a_body_over_the_limit_gets_no_100_continue(server):
    head = b"POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    with connect(server) as client:
        client.sendall(head % (MAX_REQUEST + 1))
        assert client.recv(13) == b"HTTP/1.1 200 "


def test_a_chunked_body_over_the_limit_is_cut_off(server):
    with connect(server) as client:
        client.sendall(CHUNKED + b"5\r\nHello\r\n%x\r\n" % MAX_REQUEST)
        status, headers, body = response(client)
        assert (status, headers["Connection"]) == (200, "close")
        assert json.loads(body)["length"] == str(MAX_REQUEST + 5)
        assert json.loads(body)["received"] == 0


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\nHost: x\n\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400),
        (b"GET /" + b"a" * 5000, 414),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 9000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"A: 1\r\n" * 200 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + (b"A: " + b"a" * 8000 + b"\r\n") * 9, 431),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (CHUNKED + b"x\r\n", 400),
        (CHUNKED + b"1\r\nab\r\n", 400),
        (CHUNKED + b"1;" + b"a" * 9000, 400),
    ],
)
def test_a_malformed_request_is_rejected_by_gunicorn_s_parser(server, sent, status):
    before = server.ran
    with connect(server) as client:
        client.sendall(sent)
        code, headers, body = response(client)
        assert code == status
        assert is_closed(client)
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'"
    assert body in (b"Bad Request.\n", b"URI Too Long.\n", b"Request Header Fields Too Large.\n")
    assert server.ran == before


@pytest.mark.parametrize(
    ("path", "body"),
    [(b"/x", b"Send the header Host.\n"), (b"/api/x", b'{"detail": "Send the header Host."}')],
)
def test_a_request_without_a_host_is_a_400(server, path, body):
    """RFC 9112, section 3.2: in HTTP/1.1, which the server would else give its own name."""
    with connect(server) as client:
        client.sendall(b"GET %s HTTP/1.1\r\n\r\n" % path)
        assert (response(client)[::2], is_closed(client)) == ((400, body), True)


@pytest.mark.parametrize("sent", [b"", b"GET / HT"])
def test_a_request_cut_off_in_its_head_is_not_run(server, sent):
    before = server.ran
    with connect(server) as client:
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        assert is_closed(client)
    assert server.ran == before


@pytest.mark.parametrize("sent", [POST % 5 + b"Hel", CHUNKED + b"5\r\nHello"])
def test_c13_a_request_cut_off_in_its_body_is_a_400_and_not_run(server, sent):
    before = server.ran
    with connect(server) as client:
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        assert response(client)[0] == 400
        assert is_closed(client)
    assert server.ran == before


def test_more_slow_clients_than_threads_delay_no_other_client(server):
    """There are two threads: with gthread these clients would occupy both for ever."""
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(server)) for _ in range(8)]
        for client, sent in zip(
            slow, [b"", b"GET /", POST % 5, POST % 5 + b"Hel"] * 2, strict=True
        ):
            client.sendall(sent)
        with connect(server) as client:
            client.sendall(GET % b"quick")
            assert said(client)["path"] == "quick"


def test_clients_that_do_not_read_delay_no_other_client(server):
    size = 20_000_000
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(server)) for _ in range(4)]
        for client in slow:
            client.sendall(GET % b"%d" % size)
        with connect(server) as client:
            client.sendall(GET % b"quick")
            assert said(client)["path"] == "quick"
        for client in slow:
            status, _, body = response(client)
            assert (status, body) == (200, bytes(size))


def test_files_are_sent_completely_to_clients_that_read_late(server):
    """Through a small buffer, on a connection that is used again."""
    with ExitStack() as stack:
        slow = [stack.enter_context(narrow(server)) for _ in range(4)]
        for client in slow:
            client.sendall(GET % b"file" + GET % b"after")
        with connect(server) as client:
            client.sendall(GET % b"quick")
            said(client)
        for client in slow:
            with client.makefile("rb") as responses:
                head = b"".join(iter(responses.readline, b"\r\n"))
                assert head.startswith(b"HTTP/1.1 200 OK")
                assert responses.read(FILE.stat().st_size) == FILE.read_bytes()
                assert responses.readline() == b"HTTP/1.1 200 OK\r\n"


def narrow(server: Echo) -> socket.socket:
    """Return a connection with a small receive buffer."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(60)
    client.connect(("127.0.0.1", server.port))
    return client


def test_the_connection_of_a_client_that_stops_reading_is_closed(tmp_path):
    with echo(tmp_path, PAUSE=1) as server, narrow(server) as client:
        client.sendall(GET % b"20000000")
        eventually(lambda: open_connections(server) == 0)
        assert server.ran == ["20000000"]


def open_connections(server: Echo) -> int:
    """Return how many connections the server has not closed."""
    here = f":{server.port:04X}"
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table]
    return sum(row[1].endswith(here) and row[3] == "01" for row in rows)


def test_one_client_gets_at_most_half_of_the_threads(server):
    """There are two threads. A client's requests wait for its own only, and all are run."""
    another = ("127.0.0.2", 0)
    with ExitStack() as stack:
        costly = [stack.enter_context(connect(server)) for _ in range(3)]
        before = len(server.ran)
        for client in costly:
            client.sendall(GET % b"sleep")
        eventually(lambda: len(server.ran) > before)
        with socket.create_connection(("127.0.0.1", server.port), 60, another) as client:
            client.sendall(GET % b"quick")
            assert said(client)["path"] == "quick"
        assert server.ran[before:].count("sleep") < 3
        assert {said(client)["path"] for client in costly} == {"sleep"}


def test_too_many_waiting_requests_of_a_client_are_a_503(tmp_path):
    with echo(tmp_path, QUEUE=2) as server, ExitStack() as stack:
        clients = [stack.enter_context(connect(server)) for _ in range(4)]
        for client in clients:
            client.sendall(GET % b"sleep")
            eventually(lambda: server.ran)
        assert response(clients[3])[0] == 503
        assert {said(client)["path"] for client in clients[:3]} == {"sleep"}


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "owner"),
    [
        (0, ("10.0.0.1", 9), b"", "10.0.0.1"),
        (0, ("10.0.0.1", 9), b"X-Forwarded-For: 8.8.8.8\r\n", "10.0.0.1"),
        (1, ("10.0.0.1", 9), b"X-Forwarded-For: 8.8.8.8, 9.9.9.9\r\n", "9.9.9.9"),
        (1, "", b"X-Forwarded-For: 2001:db8::1:2:3:4\r\n", "2001:db8::"),
        (0, "", b"", ""),
    ],
)
def test_requests_are_counted_by_client(monkeypatch, proxies, peer, forwarded, owner):
    monkeypatch.setattr("ublog.run.gunicorn_worker.incoming.PROXIES", proxies)
    incoming = Incoming(Config(), peer)
    assert incoming.feed(b"GET / HTTP/1.1\r\nHost: x\r\n" + forwarded + b"\r\n")
    assert incoming.owner() == owner


def test_a_client_that_closes_late_delays_no_other_client(server):
    """gunicorn waits two seconds for it in the thread that accepts all others."""
    with ExitStack() as stack:
        began = time.monotonic()
        for _ in range(8):
            client = stack.enter_context(connect(server))
            client.sendall(b"GET /closing HTTP/1.0\r\n\r\n")
            assert response(client)[0] == 200
        with connect(server) as client:
            client.sendall(GET % b"quick")
            said(client)
        assert time.monotonic() - began < 8  # with gunicorn's own worker: 16 s


def test_a_client_that_takes_too_long_gets_a_408(tmp_path):
    with echo(tmp_path, **PATIENCE) as server, ExitStack() as stack:
        silent, head, body = [stack.enter_context(connect(server)) for _ in range(3)]
        head.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        body.sendall(POST.replace(b"/posted", b"/api/x/") % 5 + b"Hel")
        assert is_closed(silent)
        status, headers, text = response(head)
        assert (status, headers["Content-Type"]) == (408, "text/plain; charset=utf-8")
        assert b"took too long" in text
        status, headers, text = response(body)
        assert (status, headers["Content-Type"]) == (408, "application/json")
        assert "took too long" in json.loads(text)["detail"]
        assert server.ran == []


def test_a_slow_body_that_makes_progress_is_read_to_its_end(tmp_path):
    """It takes twice as long as the longest pause that is allowed."""
    with echo(tmp_path, PAUSE=2, RATE=100) as server, connect(server) as client:
        client.sendall(POST % 1000)
        for _ in range(20):
            client.sendall(bytes(50))
            time.sleep(0.2)
        assert said(client)["received"] == 1000


def test_a_body_below_the_least_rate_is_a_408(tmp_path):
    with echo(tmp_path, PAUSE=1, RATE=1000) as server, connect(server) as client:
        client.sendall(POST % 1000)
        client.settimeout(0.1)
        status = None
        for _ in range(100):
            client.sendall(bytes(1))
            with suppress(TimeoutError):
                status = response(client)[0]
                break
        assert (status, server.ran) == (408, [])


def test_a_body_without_room_in_the_spool_is_a_503_and_frees_its_room(tmp_path):
    limits = {"MEMORY_EACH": 1000, "MEMORY": 2000, "DISK": 50_000}
    with echo(tmp_path, **limits) as server:
        with connect(server) as first, connect(server) as second:
            first.sendall(POST % 40_000 + bytes(39_999))
            eventually(lambda: took(server, first))
            second.sendall(POST % 40_000 + bytes(39_999))
            status, headers, text = response(second)
            assert (status, headers["Retry-After"]) == (503, "5")
            assert b"Try again" in text
            first.sendall(bytes(1))
            assert said(first)["received"] == 40_000

        def has_room():
            with connect(server) as third:
                third.sendall(POST % 40_000 + bytes(40_000))
                return response(third)[0] == 200

        eventually(has_room)  # the worker frees it just after the response


def took(server: Echo, client: socket.socket) -> bool:
    """Return whether the server has read all that this client sent."""
    ours = f"{client.getsockname()[1]:04X}"
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table][1:]
    return all(
        row[4] == "00000000:00000000"
        for row in rows
        if ours in (row[1].split(":")[1], row[2].split(":")[1])
    )


def test_of_too_many_connections_the_one_idle_for_longest_is_closed(tmp_path):
    with echo(tmp_path, connections=4) as server, ExitStack() as stack:
        waiting = [stack.enter_context(connect(server)) for _ in range(6)]
        assert is_closed(waiting[0])
        waiting[-1].sendall(GET % b"last")
        assert said(waiting[-1])["path"] == "last"


def test_a_request_in_flight_is_finished_before_a_stop(tmp_path):
    with echo(tmp_path) as server, connect(server) as running, connect(server) as half:
        with connect(server) as silent:
            half.sendall(POST % 5 + b"Hel")
            running.sendall(GET % b"sleep")
            eventually(lambda: server.ran == ["sleep"])
            server.process.send_signal(signal.SIGTERM)
            assert said(running)["path"] == "sleep"
            assert is_closed(silent)
        half.sendall(b"lo")
        status, headers, body = response(half)
        assert (status, headers["Connection"]) == (200, "close")
        assert json.loads(body)["received"] == 5
        assert server.process.wait(60) == 0


def test_a_unix_socket_is_served(tmp_path):
    path = tmp_path / "web.sock"
    with echo(tmp_path, bind=f"unix:{path}"), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(60)
        client.connect(str(path))
        client.sendall(POST % 5 + b"Hello")
        assert said(client)["received"] == 5


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="there is no IPv6 here")
def test_both_families_are_served_over_a_socket_that_was_inherited(tmp_path):
    """Such a socket is passed by the supervisor and systemd, with HOST=::."""
    address, family = ("::", 0), socket.AF_INET6
    with socket.create_server(address, family=family, dualstack_ipv6=True) as listener:
        port = listener.getsockname()[1]
        with echo(tmp_path, inherited=listener):
            for host in ("::1", "127.0.0.1"):
                with socket.create_connection((host, port), timeout=60) as client:
                    client.sendall(POST % 5 + b"Hello")
                    assert said(client)["received"] == 5


def test_a_spool_holds_a_limited_part_in_memory_and_the_rest_in_a_file(monkeypatch):
    monkeypatch.setattr("ublog.run.gunicorn_worker.spool.MEMORY_EACH", 10)
    monkeypatch.setattr("ublog.run.gunicorn_worker.spool.MEMORY", 15)
    monkeypatch.setattr("ublog.run.gunicorn_worker.spool.DISK", 30)
    one, two, three = Spool(), Spool(), Spool()
    one.write(bytes(8))
    assert (Spool.memory, Spool.disk) == (8, 0)
    one.write(bytes(3))  # more than 10
    assert (Spool.memory, Spool.disk) == (0, 11)
    two.write(bytes(9))
    three.write(bytes(7))  # together more than 15
    assert (Spool.memory, Spool.disk) == (9, 18)
    with pytest.raises(OSError, match="Too much"):
        three.write(bytes(13))
    assert one.read(100) == bytes(11)
    for spool in (one, two, three):
        spool.close()
    assert (Spool.memory, Spool.disk) == (0, 0)


def test_the_arbiter_is_notified_once_a_second(monkeypatch):
    beats, now = [], iter([7.0, 7.5, 7.99, 8.0, 8.5, 60.0])
    worker = Worker.__new__(Worker)
    worker.next_heartbeat = 0.0
    monkeypatch.setattr(gthread.ThreadWorker, "notify", lambda worker: beats.append(worker))
    monkeypatch.setattr(time, "monotonic", lambda: next(now))
    for _ in range(6):
        worker.notify()
    assert len(beats) == 3


def test_an_unsupported_setting_ends_the_start():
    for name, value in [("certfile", "x"), ("http2_cleartext", "both"), ("protocol", "uwsgi")]:
        cfg = Config()
        cfg.set(name, value)
        with pytest.raises(RuntimeError, match="without TLS"):
            Worker.check_config(cfg, None)
    Worker.check_config(Config(), None)


def test_gunicorn_is_the_release_that_the_worker_was_written_for():
    """Before another release: read the changes in workers/gthread.py and http/, run these tests and
    `python -m tests.faults.e5`, then change the number here and in pyproject.toml.
    """
    assert gunicorn.version_info[:2] == (27, 0)


def test_gunicorn_has_the_internals_that_the_worker_uses():
    used = {
        gthread.ThreadWorker: "accept enqueue_req finish_request handle murder_pending notify run "
        "_cap_keepalive _keepalive_after handle_error check_config init_process",
        gthread: "TConn STOP_KEEPALIVE_LINGER",
        Unreader: "chunk unread take_buffered read",
        ChunkedReader: "parse_chunk_size parse_trailers",
        LengthReader: "read",
        Message: "force_close set_body_reader",
    }
    assert [
        name for owner, names in used.items() for name in names.split() if not hasattr(owner, name)
    ] == []
    assert list(inspect.signature(Request).parameters) == [
        "cfg",
        "unreader",
        "peer_addr",
        "req_number",
    ]
    for name in ("conn.parser", "conn.initialized", "conn.init()", "finish_body(deadline="):
        assert name in inspect.getsource(gthread.ThreadWorker), name
    for name in (
        "self.notify()",
        "self.murder_pending()",
        "self.set_accept_enabled",
        "self.nr_conns",
    ):
        assert name in inspect.getsource(gthread.ThreadWorker.run), name
    incoming = Incoming(Config(), ("127.0.0.1", 1))
    assert incoming.phase == SILENT
    assert incoming.feed(GET % b"x")
    assert next(incoming).path == "/x"
    assert issubclass(ClientSocket, socket.socket)
