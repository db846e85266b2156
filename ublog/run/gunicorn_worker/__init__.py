"""A gunicorn worker class that gives a thread only requests that are whole.

gunicorn's gthread gives a thread to a client that has sent its first byte, until the client has
sent the last one of its body and taken the last one of its response: as many slow clients as there
are threads, and nobody else is served. Here the main thread receives and sends for all clients, as
nginx does with `proxy_request_buffering`, and a thread runs the application and waits for nobody.

gunicorn's own parser still judges everything: `Request` each head, `ChunkedReader` each chunk's
size and the trailers. Its `handle()` and `handle_request()` run the request and report errors. The
internals used are those of gunicorn 27.0, to which pyproject.toml pins it:
tests/faults/test_gunicorn_worker.py fails when they change.

A request that never becomes whole never reaches Django. The application does not rely on that,
since other servers may serve it: it rejects an incomplete body itself (C13), and one that is whole
by its framing and no whole form, such as multipart without its end. This class relies on the
application for the 413 of a body that is too large to be received.
"""

from ublog.run.gunicorn_worker.worker import Worker

__all__ = ["Worker"]
