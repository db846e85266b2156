"""Users who read, post and like through all interfaces, and a record of what was acknowledged."""

import io
import itertools
import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from types import TracebackType
from urllib.parse import quote, urlsplit

from PIL import Image

from tests.faults import site

PASSWORD = "correct horse battery staple"
BOUNDARY = "b0undary"
PAGES = ["/fbv/posts/", "/cbv/posts/", "/api/fbv/posts/", "/api/cbv/posts/"]
QUERY = quote("{ posts(first: 20) { edges { node { id body likeCount } } } }")
READ = [*PAGES, f"/graphql/?query={QUERY}"]
PUBLISH = "mutation ($body: String!) { createPost(body: $body) { post { id } errors { code } } }"
NO_RESPONSE = 0
LOGINS = ("LOGIN", "LOGIN_NETWORK")
# REPEATED, of a load with `keys`: requests that nginx may send to another node after a failure.
READING, WRITING, REPEATED = "reading", "writing", "repeated"
# No user in these scenarios is to meet a rate limit.
LIMITS = ("POST", "ANONYMOUS_POST", "LIKE", *LOGINS)
NO_LIMITS = {
    **site.NO_LIMITS,
    **{f"UBLOG_LIMIT_{name}": "1000000/minute" for name in LIMITS},
    "UBLOG_LIMIT_SIGN_IN": "1000000/minute",
    "UBLOG_LIMIT_SIGN_IN_ADDRESS": "1000000/minute",
}


@dataclass
class Response:
    """A response. With the status NO_RESPONSE, the body is the exception."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def json(self) -> dict:
        return json.loads(self.body)


@dataclass
class Load:
    """`with Load(url) as load:` lets `people` users send requests until the block ends.

    Set `phase` to count requests by phase; `pause` is the seconds that each user waits between
    requests. This process must be able to use the site's models: it creates the users, and looks
    for what was acknowledged.
    """

    url: str
    people: int = 8
    pause: float = 0.0
    context: ssl.SSLContext | None = None
    writes: bool = True
    keys: bool = False  # half of the posts have an idempotency key, and some are deleted
    phase: str = "load"
    seen: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    failures: list[tuple[float, Response]] = field(default_factory=list)
    posts: dict[int, tuple[str, bool]] = field(default_factory=dict)
    likes: set[tuple[int, int]] = field(default_factory=set)
    own: dict[int, list[int]] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)  # a deletion was requested
    gone: set[int] = field(default_factory=set)  # a deletion was acknowledged

    def __enter__(self) -> "Load":
        self.stopping = threading.Event()
        people = [self.sign_up(f"person{number}") for number in range(self.people)]
        self.threads = [threading.Thread(target=self.live, args=person) for person in people]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def sign_up(self, name: str) -> tuple[int, str]:
        """Create the user unless one exists. Return id and e-mail address."""
        from ublog.accounts.models import CustomUser

        email = f"{name}@example.org"
        known = CustomUser.objects.filter(email=email).first()
        made = known or CustomUser.objects.create_user(email, PASSWORD, username=name)
        return made.pk, email

    def live(self, person: int, email: str) -> None:
        """Send requests: of ten one is a like, three are posts, one of those with an image."""
        token = ""
        for turn in itertools.count(person):
            if self.stopping.is_set():
                return
            if self.writes and not token:
                token = self.log_in(email)
            match turn % 10 if self.writes else 0:
                case 2 | 5:
                    response = self.post(person, turn, token, None)
                case 7:
                    response = self.post(person, turn, token, PICTURE)
                case 9:
                    response = self.like(person, token)
                case 0 if self.keys:
                    response = self.delete(person, token)
                case _:
                    response = self.note(READING, self.ask("GET", READ[turn % len(READ)]))
            if response.status == 401:
                token = ""
            time.sleep(self.pause)

    def log_in(self, email: str) -> str:
        body = json.dumps({"email": email, "password": PASSWORD}).encode()
        response = self.ask("POST", "/api/auth/token/", body, {"Content-Type": "application/json"})
        return response.json["access"] if response.status == 200 else ""

    def post(self, person: int, turn: int, token: str, picture: bytes | None) -> Response:
        """Publish a post, and record it if the response says that it is stored."""
        text = f"Post {turn} of {person} at {time.monotonic_ns()}"
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        kind_of_request = WRITING
        if self.keys and turn // 10 % 2:
            kind_of_request, bearer = REPEATED, {**bearer, "Idempotency-Key": text}
        if picture or turn % 20 < 10:
            kind, body = f"multipart/form-data; boundary={BOUNDARY}", form(text, picture)
            address = "/api/fbv/posts/new/" if turn % 4 < 2 else "/api/cbv/posts/"
        else:
            kind, address = "application/json", "/graphql/"
            body = json.dumps({"query": PUBLISH, "variables": {"body": text}}).encode()
        response = self.ask("POST", address, body, {**bearer, "Content-Type": kind})
        if response.status == 201:
            self.keep(int(response.json["id"]), person, token, text, picture)
        elif response.status == 200:
            if made := ((response.json["data"] or {}).get("createPost") or {}).get("post"):
                self.keep(int(made["id"]), person, token, text, picture)
            else:  # GraphQL reports a failure with the status 200, too
                response = replace(response, status=500)
        return self.note(kind_of_request, response)

    def keep(self, id: int, person: int, token: str, text: str, picture: bytes | None) -> None:
        self.posts[id] = (text, bool(picture))
        if token:
            self.own.setdefault(person, []).append(id)

    def delete(self, person: int, token: str) -> Response:
        """Delete one of this user's posts, which `lost` then no longer looks for.

        A 404 acknowledges the deletion, too: a process that was killed had done it.
        """
        if not (token and self.own.get(person)):
            return Response(200)
        post = self.own[person].pop(0)
        self.deleted.add(post)
        del self.posts[post]
        headers = {"Authorization": f"Bearer {token}"}
        response = self.ask("DELETE", f"/api/cbv/posts/{post}/", b"", headers)
        if response.status in (204, 404):
            self.gone.add(post)
        return self.note(REPEATED, response)

    def like(self, person: int, token: str) -> Response:
        post = next(reversed(tuple(self.posts)), 0)
        if not (post and token):
            return Response(200)
        headers = {"Authorization": f"Bearer {token}"}
        response = self.ask("PUT", f"/api/cbv/posts/{post}/like/", b"", headers)
        if response.status == 200:
            self.likes.add((post, person))
        return self.note(REPEATED if self.keys else WRITING, response)

    def note(self, kind: str, response: Response) -> Response:
        self.seen[self.phase, kind, response.status] += 1
        if failed(response.status):
            self.failures.append((time.monotonic(), response))
        return response

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] = {},
    ) -> Response:
        """Send a request over a new connection. Without a response the status is NO_RESPONSE."""
        place = urlsplit(self.url)
        secure = {"context": self.context} if self.context else {}
        kind = HTTPSConnection if self.context else HTTPConnection
        with closing(kind(place.hostname, place.port, timeout=60, **secure)) as connection:
            try:
                connection.request(method, path, body, dict(headers))
                response = connection.getresponse()
                return Response(response.status, response.read(), response.headers)
            except (OSError, HTTPException) as failure:
                return Response(NO_RESPONSE, repr(failure).encode())

    def asked(self, kind: str = "", phase: str = "") -> int:
        return sum(self._matching(kind, phase).values())

    def failed(self, kind: str = "", phase: str = "") -> int:
        """Return how many requests got no response, or a 5xx."""
        matching = self._matching(kind, phase).items()
        return sum(count for status, count in matching if failed(status))

    def _matching(self, kind: str, phase: str) -> Counter[int]:
        found: Counter[int] = Counter()
        for (when, what, status), count in self.seen.copy().items():
            if kind in ("", what) and phase in ("", when):
                found[status] += count
        return found

    def statuses(self, kind: str = "", phase: str = "") -> dict[int, int]:
        return dict(sorted(self._matching(kind, phase).items()))

    def lost(self) -> list[str]:
        """Return what was acknowledged and is not stored. Images are opened."""
        from django.db import connection

        from ublog.blog.models import Post, PostLike

        connection.close()  # it may have been closed by the database
        stored = Post.objects.in_bulk(self.posts)
        lost = [f"post {id}" for id, (text, _) in self.posts.items() if not is_(stored, id, text)]
        for id, (_, picture) in self.posts.items():
            if picture and id in stored and not opens(stored[id]):
                lost.append(f"picture of post {id}")
        likes = set(PostLike.objects.values_list("post_id", "liked_by_id"))
        kept = {like for like in self.likes if like[0] not in self.deleted}
        lost += [f"deletion of post {id}" for id in Post.objects.in_bulk(self.gone)]
        return lost + [f"like {like}" for like in kept - likes]

    def kinds_of_failures(self) -> str:
        """Describe the failures: of each status and beginning of a body, how many."""
        kinds = Counter((each.status, each.body[:60]) for _, each in self.failures)
        return "".join(f"\n{count} × {status} {body!r}" for (status, body), count in kinds.items())

    def summary(self) -> str:
        """Describe what was acknowledged, and how much of it is lost."""
        pictures = sum(picture for _, picture in self.posts.values())
        return (
            f"acknowledged {len(self.posts)} posts ({pictures} pictures), {len(self.likes)} likes, "
            f"{len(self.lost())} lost"
        )


def failed(status: int) -> bool:
    return status == NO_RESPONSE or status >= 500


def is_(stored: Mapping[int, object], id: int, text: str) -> bool:
    return getattr(stored.get(id), "body", None) == text


def opens(post: object) -> bool:
    try:
        with post.image.open() as file:
            Image.open(file).load()
    except OSError:
        return False
    return True


def form(text: str, picture: bytes | None) -> bytes:
    """Return a post as multipart/form-data."""
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="body"\r\n\r\n{text}\r\n']
    if picture:
        place = 'form-data; name="image"; filename="a.png"\r\nContent-Type: image/png'
        parts.append(f"--{BOUNDARY}\r\nContent-Disposition: {place}\r\n\r\n")
    return "".join(parts).encode() + (picture or b"") + f"\r\n--{BOUNDARY}--\r\n".encode()


def picture() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((64, 48), 40).save(file, "PNG")
    return file.getvalue()


def photograph(width: int, height: int) -> bytes:
    """Return a JPEG like a camera's: soft shapes and some noise, about 0.15 bytes a pixel."""
    noise = Image.effect_noise((width // 4, height // 4), 60).resize((width, height))
    colours = [noise, noise.rotate(90, expand=False), Image.linear_gradient("L").resize(noise.size)]
    file = io.BytesIO()
    Image.merge("RGB", colours).save(file, "JPEG", quality=85)
    return file.getvalue()


PICTURE = picture()
