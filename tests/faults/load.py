"""People who read, post and like through all doors, and remember whatever was acknowledged."""

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
NO_ANSWER = 0
LOGINS = ("LOGIN", "LOGIN_NETWORK")
# REPEATED, of a load with `keys`: what may be sent twice, so that nginx asks another node.
READING, WRITING, REPEATED = "reading", "writing", "repeated"
# Nobody in these scenarios is to be slowed down by the limits that slow people down.
NO_LIMITS = {
    **site.NO_LIMITS,
    **{
        f"UBLOG_LIMIT_{name}": "1000000/minute"
        for name in ("POST", "ANONYMOUS_POST", "LIKE", "SIGN_IN", "SIGN_IN_ADDRESS", *LOGINS)
    },
}


@dataclass
class Answer:
    """Without a status, its body says what happened instead."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def json(self) -> dict:
        return json.loads(self.body)


@dataclass
class Load:
    """`with Load(url) as load:` have so many people at work until the block ends.

    Set `phase` to tell apart what happens when; `pause` is how long each rests between requests,
    in seconds. Needs this process to use the site's models, to make the people and to look for
    what was acknowledged.
    """

    url: str
    people: int = 8
    pause: float = 0.0
    context: ssl.SSLContext | None = None
    writes: bool = True
    keys: bool = False  # half of the posts have an idempotency key, and some are deleted
    phase: str = "load"
    seen: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    failures: list[tuple[float, Answer]] = field(default_factory=list)
    posts: dict[int, tuple[str, bool]] = field(default_factory=dict)
    likes: set[tuple[int, int]] = field(default_factory=set)
    own: dict[int, list[int]] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)  # asked to be
    gone: set[int] = field(default_factory=set)  # said to be

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
        """Their id and e-mail address, when they are not there already."""
        from ublog.accounts.models import CustomUser

        email = f"{name}@example.org"
        known = CustomUser.objects.filter(email=email).first()
        made = known or CustomUser.objects.create_user(email, PASSWORD, username=name)
        return made.pk, email

    def live(self, person: int, email: str) -> None:
        """Of ten requests one is a like, three are posts, one of those with a picture."""
        token = ""
        for turn in itertools.count(person):
            if self.stopping.is_set():
                return
            if self.writes and not token:
                token = self.sign_in(email)
            match turn % 10 if self.writes else 0:
                case 2 | 5:
                    answer = self.post(person, turn, token, None)
                case 7:
                    answer = self.post(person, turn, token, PICTURE)
                case 9:
                    answer = self.like(person, token)
                case 0 if self.keys:
                    answer = self.delete(person, token)
                case _:
                    answer = self.note(READING, self.ask("GET", READ[turn % len(READ)]))
            if answer.status == 401:
                token = ""
            time.sleep(self.pause)

    def sign_in(self, email: str) -> str:
        body = json.dumps({"email": email, "password": PASSWORD}).encode()
        answer = self.ask("POST", "/api/auth/token/", body, {"Content-Type": "application/json"})
        return answer.json["access"] if answer.status == 200 else ""

    def post(self, person: int, turn: int, token: str, picture: bytes | None) -> Answer:
        """Remember it only if the answer says that it is stored."""
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
        answer = self.ask("POST", address, body, {**bearer, "Content-Type": kind})
        if answer.status == 201:
            self.keep(int(answer.json["id"]), person, token, text, picture)
        elif answer.status == 200:
            if made := ((answer.json["data"] or {}).get("createPost") or {}).get("post"):
                self.keep(int(made["id"]), person, token, text, picture)
            else:  # GraphQL tells a failure, too, by 200
                answer = replace(answer, status=500)
        return self.note(kind_of_request, answer)

    def keep(self, id: int, person: int, token: str, text: str, picture: bytes | None) -> None:
        self.posts[id] = (text, bool(picture))
        if token:
            self.own.setdefault(person, []).append(id)

    def delete(self, person: int, token: str) -> Answer:
        """One of this person's posts, which is then no longer looked for. 404 says that it is
        gone: another process had deleted it, and could not tell any more."""
        if not (token and self.own.get(person)):
            return Answer(200)
        post = self.own[person].pop(0)
        self.deleted.add(post)
        del self.posts[post]
        headers = {"Authorization": f"Bearer {token}"}
        answer = self.ask("DELETE", f"/api/cbv/posts/{post}/", b"", headers)
        if answer.status in (204, 404):
            self.gone.add(post)
        return self.note(REPEATED, answer)

    def like(self, person: int, token: str) -> Answer:
        post = next(reversed(tuple(self.posts)), 0)
        if not (post and token):
            return Answer(200)
        headers = {"Authorization": f"Bearer {token}"}
        answer = self.ask("PUT", f"/api/cbv/posts/{post}/like/", b"", headers)
        if answer.status == 200:
            self.likes.add((post, person))
        return self.note(REPEATED if self.keys else WRITING, answer)

    def note(self, kind: str, answer: Answer) -> Answer:
        self.seen[self.phase, kind, answer.status] += 1
        if failed(answer.status):
            self.failures.append((time.monotonic(), answer))
        return answer

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] = {},
    ) -> Answer:
        """Over a connection of its own. Status NO_ANSWER when none comes."""
        place = urlsplit(self.url)
        secure = {"context": self.context} if self.context else {}
        kind = HTTPSConnection if self.context else HTTPConnection
        with closing(kind(place.hostname, place.port, timeout=60, **secure)) as connection:
            try:
                connection.request(method, path, body, dict(headers))
                answer = connection.getresponse()
                return Answer(answer.status, answer.read(), answer.headers)
            except (OSError, HTTPException) as failure:
                return Answer(NO_ANSWER, repr(failure).encode())

    def asked(self, kind: str = "", phase: str = "") -> int:
        return sum(self._matching(kind, phase).values())

    def failed(self, kind: str = "", phase: str = "") -> int:
        """How many got no answer, or 5xx."""
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
        """What was acknowledged and is not there; pictures are opened."""
        from django.db import connection

        from ublog.blog.models import Post, PostLike

        connection.close()  # the database may have gone meanwhile
        stored = Post.objects.in_bulk(self.posts)
        lost = [f"post {id}" for id, (text, _) in self.posts.items() if not is_(stored, id, text)]
        for id, (_, picture) in self.posts.items():
            if picture and id in stored and not opens(stored[id]):
                lost.append(f"picture of post {id}")
        likes = set(PostLike.objects.values_list("post_id", "liked_by_id"))
        kept = {like for like in self.likes if like[0] not in self.deleted}
        lost += [f"deletion of post {id}" for id in Post.objects.in_bulk(self.gone)]
        return lost + [f"like {like}" for like in kept - likes]

    def summary(self) -> str:
        """What was acknowledged, and what of it is lost."""
        pictures = sum(picture for _, picture in self.posts.values())
        return (
            f"acknowledged {len(self.posts)} posts ({pictures} pictures), {len(self.likes)} likes, "
            f"{len(self.lost())} lost"
        )


def failed(status: int) -> bool:
    return status == NO_ANSWER or status >= 500


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
    """A post as multipart/form-data."""
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
    """A JPEG as a camera makes it, of soft shapes and some noise; about 0.15 bytes a pixel."""
    noise = Image.effect_noise((width // 4, height // 4), 60).resize((width, height))
    colours = [noise, noise.rotate(90, expand=False), Image.linear_gradient("L").resize(noise.size)]
    file = io.BytesIO()
    Image.merge("RGB", colours).save(file, "JPEG", quality=85)
    return file.getvalue()


PICTURE = picture()
