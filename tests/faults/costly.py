"""Costly requests of one client, in a process of its own.

Each kind is a thread that sends its requests one after the other, without a pause.

    python -m tests.faults.costly URL --email ada@example.org --kinds register,login

Prints `ready`, sends requests until its standard input ends, and prints as JSON how many responses
of each status each kind got (0: none). The inputs are nothing but long plain text and photographs.
"""

import argparse
import itertools
import json
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote

from tests.faults.client_process import ClientProcess
from tests.faults.load import BOUNDARY, PASSWORD, Load, Response, form, photograph

TEXT = "A plain sentence of eight words and more. " * 57_000  # 2.4 MB: less than Django takes
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
FIELDS = "id body createdOn likeCount liked canEdit createdBy {{ username displayName }}"
PAGE = "t{turn}n{number}: posts(first: 100) {{ edges {{ node {{ " + FIELDS + " }} }} }} "
SEARCH = (
    'n{number}: posts(q: "nowhere {turn} {number}", first: 1) {{ pageInfo {{ hasNextPage }} }} '
)


class Client:
    """A client of the site at `url`, with an account."""

    def __init__(self, url: str, email: str) -> None:
        self.email = email
        self.ask = Load(url).ask
        self.photograph = form("A photograph", photograph(4_000, 3_000))
        self.token = ""

    def post_json(self, path: str, **fields: object) -> Response:
        return self.ask("POST", path, json.dumps(fields).encode(), JSON)

    def register(self, turn: int) -> Response:
        """Send a long text in a field for a short one, in one field after the other."""
        fields = {"email": f"new{turn}@example.org", "username": f"new{turn}", "password": PASSWORD}
        long = list(fields)[turn % 3]
        if turn % 2:
            return self.post_json("/api/auth/register/", **{**fields, long: TEXT})
        headers, token = self.form_of("/accounts/register/")
        given = {**fields, long: LONG, "csrfmiddlewaretoken": token}
        body = "&".join(f"{name}={quote(value)}" for name, value in given.items())
        return self.ask("POST", "/accounts/register/", body.encode(), headers)

    def form_of(self, path: str) -> tuple[dict[str, str], str]:
        """Return the headers to post the form of a page with, and the CSRF token in it."""
        page = self.ask("GET", path)
        cookie = page.headers.get("Set-Cookie", "").partition(";")[0]
        found = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
        return {**URLENCODED, "Cookie": cookie}, found[1].decode() if found else ""

    def login_text(self, turn: int) -> Response:
        fields = {"email": self.email, "password": PASSWORD}
        return self.post_json("/api/auth/token/", **{**fields, list(fields)[turn % 2]: TEXT})

    def post_text(self, turn: int) -> Response:
        if turn % 2:
            return self.post_json("/api/fbv/posts/new/", body=TEXT)
        document = "mutation ($body: String!) { createPost(body: $body) { post { id } } }"
        return self.post_json("/graphql/", query=document, variables={"body": TEXT})

    def login(self, turn: int) -> Response:
        """Log in with the right password, which is hashed each time."""
        response = self.post_json("/api/auth/token/", email=self.email, password=PASSWORD)
        if response.status == 200:
            self.token = response.json["access"]
        return response

    def picture(self, turn: int) -> Response:
        """Send an image of 12 megapixels, alternating between anonymous and logged in."""
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token and turn % 2 else {}
        path = ("/api/fbv/posts/new/", "/api/cbv/posts/")[turn // 2 % 2]
        return self.ask("POST", path, self.photograph, {**FORM, **bearer})

    def search(self, turn: int) -> Response:
        """Search for words that no post has, so that all posts are read."""
        path = ("/api/fbv/posts/", "/cbv/posts/")[turn % 2]
        return self.ask("GET", f"{path}?q=nowhere+at+all+{turn}")

    def graphql(self, turn: int) -> Response:
        """Send a document at the limit of complexity, each time another one."""
        pages = "".join(PAGE.format(turn=turn, number=number) for number in range(4))
        return self.post_json("/graphql/", query=f"{{ {pages} }}")

    def graphql_search(self, turn: int) -> Response:
        """Send ten searches in one document."""
        searches = "".join(SEARCH.format(turn=turn, number=number) for number in range(10))
        return self.post_json("/graphql/", query=f"{{ {searches} }}")


LONG = TEXT[:800_000]  # for a form, where it is quoted
KINDS = ["register", "login_text", "post_text", "login", "picture", "search"]
KINDS += ["graphql", "graphql_search"]


class Costly(ClientProcess):
    """`with Costly(url, email, kinds) as costly:` runs such a client until the block ends.

    Afterwards `costly.result` counts the responses of each kind, by status; a 503 without
    Retry-After counts as -503.
    """

    def __init__(self, url: str, email: str, kinds: Iterable[str]) -> None:
        options = ["--email", email, "--kinds", ",".join(kinds)]
        super().__init__("tests.faults.costly", url, *options)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--email", required=True)
    parser.add_argument("--kinds", default=",".join(KINDS))
    options = parser.parse_args()
    client, stopping = Client(options.url, options.email), threading.Event()
    seen: dict[str, Counter[int]] = {kind: Counter() for kind in options.kinds.split(",") if kind}

    def go_on(kind: str) -> None:
        for turn in itertools.count():
            if stopping.is_set():
                return
            response = getattr(client, kind)(turn)
            valid = response.status != 503 or "Retry-After" in response.headers
            seen[kind][response.status if valid else -503] += 1

    threads = [threading.Thread(target=go_on, args=[kind]) for kind in seen]
    print("ready", flush=True)
    for thread in threads:
        thread.start()
    sys.stdin.read()
    stopping.set()
    for thread in threads:
        thread.join()
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
