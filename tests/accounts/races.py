"""100 rounds of 8 refreshes at once with one cookie, over HTTP, against a running site.

    python -m tests.accounts.races http://127.0.0.1:8000 EMAIL PASSWORD

Prints the statuses, how many successors each round had, and how long a refresh took.
"""

import http.client
import json
import statistics
import sys
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

ROUNDS, TABS = 100, 8


def ask(site, path, headers, body=None):
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=30)
    connection.request("POST", path, json.dumps(body) if body else None, headers)
    response = connection.getresponse()
    response.read()
    cookies = [value for name, value in response.getheaders() if name == "Set-Cookie"]
    found = [cookie.split(";")[0] for cookie in cookies if "refresh=" in cookie]
    connection.close()
    return response.status, found[0] if found else None


def tabs_at_once(site, cookie):
    ready, responses = threading.Barrier(TABS), []

    def tab():
        ready.wait()
        started = time.perf_counter()
        status, new = ask(site, "/api/auth/token/refresh/", {"X-Ublog": "1", "Cookie": cookie})
        responses.append((status, new, time.perf_counter() - started))

    threads = [threading.Thread(target=tab) for _ in range(TABS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return responses


def main(site, email, password):
    credentials = {"email": email, "password": password}
    kind = {"Content-Type": "application/json"}
    status, cookie = ask(site, "/api/auth/token/", kind, credentials)
    assert status == 200, status
    statuses, successors, times = Counter(), Counter(), []
    for _ in range(ROUNDS):
        responses = tabs_at_once(site, cookie)
        statuses.update(status for status, _, _ in responses)
        new = {new for _, new, _ in responses if new}
        successors[len(new)] += 1
        times += [seconds for _, _, seconds in responses]
        cookie = new.pop() if new else cookie
    sys.stdout.write(
        f"{ROUNDS} rounds of {TABS}: responses {dict(statuses)}\n"
        f"successors a round: {dict(successors)}\n"
        f"a refresh: median {statistics.median(times) * 1000:.0f} ms, "
        f"max {max(times) * 1000:.0f} ms\n"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
