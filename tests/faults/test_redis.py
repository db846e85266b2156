"""A worker goes on when a Redis that hung for a while responds again."""

import logging
import shutil
import signal
import subprocess
from collections.abc import Iterator

import pytest
from kombu import Connection, Message

from tests.faults.site import eventually, free_port, is_up
from ublog.conf.service_urls import broker

pytestmark = pytest.mark.skipif(not shutil.which("redis-server"), reason="Redis is not installed")


@pytest.fixture
def redis(tmp_path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Yield the URL and the process of a Redis."""
    port = free_port()
    options = ["--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(tmp_path)]
    with subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL) as process:
        try:
            eventually(lambda: is_up(port))
            yield f"redis://127.0.0.1:{port}/0", process
        finally:
            process.kill()


def test_after_a_task_that_ended_while_redis_hung_others_are_run(redis, tmp_path):
    """kombu counted it as unfinished for ever, and took no other task beside it."""
    url, server = redis
    url, transport, options = broker(url, tmp_path)
    done: list[int] = []

    def work(number: int, message: Message) -> None:
        server.send_signal(signal.SIGSTOP)
        message.ack_log_error(logging.getLogger(__name__), connection.connection_errors)
        server.send_signal(signal.SIGCONT)
        done.append(number)

    with Connection(url, transport=transport, transport_options=options) as connection:
        queue = connection.SimpleQueue("tasks")
        for number in range(3):
            queue.put(number)
        with connection.Consumer(queue.queue, callbacks=[work], prefetch_count=1):
            while len(done) < 3:
                connection.drain_events(timeout=10)
    assert done == [0, 1, 2]
