"""The sixth driver: a user acts through Mastodon's client API, as apps do.

It has what that API has. `lacks` names the verbs of `verbs.py` that it does not have, and tests of
what it cannot say have the mark `five`.
"""

import json
import re
from types import SimpleNamespace
from urllib.parse import quote, urlsplit

import orjson

from tests.contract.drivers import TOGGLES, Bearer, raise_for_status, soup_of
from tests.contract.exceptions import Invalid, NotFound
from tests.contract.records import (
    MARKS,
    Ancestors,
    NotificationRecord,
    Notifications,
    PostRecord,
    Timeline,
    path_of,
)
from ublog.interfaces.mastodon.entities import HELD, HIDDEN

NAMES = {"like": "favourite", "liked": "favourited"}
FIELDS = {"file": "image", "description": "image_alt"}  # of an upload
LINK = re.compile(r'<([^>]+)>; rel="(\w+)"')


class Mastodon(Bearer):
    name = "Mastodon"
    # What costs more than one request, such as a picture, is in test_pictures.py.
    lacks = (
        *(f"toggle_{mark}" for mark in TOGGLES),
        *("mark as read", "publish an image", "change the image", "list unpublished posts"),
    )
    moderates = places = False

    def log_in(self, user):
        super().log_in(user)
        self.id, self.uploads = user and str(user.pk), {}

    def publish(self, body="", image=None, image_alt="", key="", in_reply_to=None, **extra):
        fields = {"status": body, **extra} | self.attached(image, image_alt)
        if in_reply_to is not None:
            fields["in_reply_to_id"] = str(in_reply_to)
        headers = {"Idempotency-Key": key} if key else {}
        return self.post_in(self.send("POST", "statuses", fields, headers))

    def publish_once(self, key, body, image=None, **extra):
        """An app that sends a post once more sends the id of the picture that it has uploaded."""
        if image:
            sent = (key, image.read())
            image.seek(0)
            if sent not in self.uploads:
                self.uploads[sent] = self.attached(image, "")
            extra |= self.uploads[sent]
        return self.publish(body, key=key, **extra)

    def edit(self, id, image=None, body=None, image_alt="", **changes):
        fields = changes | ({} if body is None else {"status": body})
        fields |= {"media_ids": []} if image == "" else self.attached(image, image_alt)
        if image_alt and not image:  # of the picture that it has, whose id is the post's
            described = [{"id": str(id), "description": image_alt}]
            fields |= {"media_ids": [str(id)], "media_attributes": described}
        return self.post_in(self.send("PUT", f"statuses/{id}", fields))

    def attached(self, image, image_alt):
        """Upload an image, and return the field by which a status has it."""
        if not image:
            return {}
        upload = {"file": image, "description": image_alt}
        response = self.client.post("/api/v2/media", upload, headers=self.headers)
        return {"media_ids": [self.content_of(response)["id"]]}

    def delete(self, id):
        assert self.send("DELETE", f"statuses/{id}")["id"] == str(id)

    def mark(self, mark, method, id):
        verb = {"PUT": "", "DELETE": "un"}[method] + NAMES.get(mark, mark)
        return self.post_in(self.send("POST", f"statuses/{id}/{verb}"))

    def mute_user(self, method, username):
        verb = {"PUT": "mute", "DELETE": "unmute"}[method]
        return self.send("POST", f"accounts/{self.account(username)}/{verb}")["muting"]

    def account(self, username):
        return self.send("GET", f"accounts/lookup?acct={username}")["id"]

    def report(self, id, reason):
        sent = {"status_ids": [str(id)], "comment": reason}
        return SimpleNamespace(id=int(self.send("POST", "reports", sent)["status_ids"][0]))

    def report_user(self, username, reason):
        sent = {"account_id": self.account(username), "comment": reason}
        assert self.send("POST", "reports", sent)["target_account"]["id"] == sent["account_id"]

    def read(self, id):
        return self.post_in(self.send("GET", f"statuses/{id}"))

    def timeline(self, page_size=None, q="", author="", tag="", replies="", **marked):
        query = {} if page_size is None else {"limit": page_size}
        if q:
            found = self.send("GET", "/api/v2/search", query | {"q": q, "type": "statuses"})
            return Timeline(self, tuple(map(self.post_in, found["statuses"])), (None, None))
        if marked:
            [field] = marked
            return self.follow(f"{field.removesuffix('ed')}s", query)
        if author:
            query |= {} if replies else {"exclude_replies": "true"}
            try:
                return self.follow(f"accounts/{self.account(author)}/statuses", query)
            except NotFound:
                return Timeline(self, (), (None, None))
        assert not replies, "Only lists of an author have replies by a switch."
        return self.follow(f"timelines/tag/{quote(tag, '')}" if tag else "timelines/public", query)

    def follow(self, url, query=None):
        response = self.get(url, query)
        posts = tuple(map(self.post_in, self.content_of(response)))
        links = links_of(response)
        return Timeline(self, posts, (links.get("next"), links.get("prev")))

    def replies(self, id):
        below = self.send("GET", f"statuses/{id}/context")["descendants"]
        posts = tuple(self.post_in(one) for one in below if one["in_reply_to_id"] == str(id))
        return Timeline(self, posts, (None, None))

    def ancestors(self, id):
        above = self.send("GET", f"statuses/{id}/context")["ancestors"]
        return Ancestors(tuple(map(self.post_in, above)), None)

    def likers(self, id, page_size=20):
        return self.likers_at(f"statuses/{id}/favourited_by", {"limit": page_size})

    def likers_at(self, url, query=None):
        response = self.get(url, query)
        names = [account["username"] for account in self.content_of(response)]
        return names, links_of(response).get("next")

    def notifications(self, page_size=20):
        return self.notifications_at("notifications", {"limit": page_size})

    def notifications_at(self, url, query=None):
        response = self.get(url, query)
        items = tuple(map(self.notification_in, self.content_of(response)))
        return Notifications(self, items, links_of(response).get("next"))

    def notification_in(self, found):
        account = found["account"]
        actor = None if account["id"] == "0" else account["username"]
        return NotificationRecord(found["type"], actor, self.post_in(found["status"]))

    def unread_count(self):
        return self.send("GET", "notifications/unread_count")["count"]

    def get(self, path, query=None):
        return self.client.get(url_of(path), query, headers=self.headers)

    def send(self, method, path, fields=None, headers=None):
        """Send fields as a query string or as JSON. Return what the JSON of the response holds."""
        headers = self.headers | (headers or {})
        if method == "GET":
            return self.content_of(self.get(path, fields))
        body = b"" if fields is None else json.dumps(fields)
        kind = "application/json"
        response = self.client.generic(method, url_of(path), body, kind, headers=headers)
        return self.content_of(response)

    def content_of(self, response):
        """Return the JSON of a response; raise the exception of an error."""
        assert response["Content-Type"] == "application/json"
        assert response["Access-Control-Allow-Origin"] == "*"
        assert not response.cookies
        content = orjson.loads(response.content)
        if response.status_code == 200:
            return content
        assert content["error"]
        if response.status_code == 422 and not content["error"].startswith("This key"):
            raise Invalid(FIELDS.get(name, name) for name in content.get("details", ()))
        if response.status_code == 429:
            assert response["X-RateLimit-Remaining"] == "0"
            assert int(response["X-RateLimit-Limit"]) > 0
        raise_for_status(response)
        raise AssertionError(f"{response.status_code}: {content}")

    def post_in(self, status) -> PostRecord:
        """Read a post, as an app would show it."""
        account, media = status["account"], status["media_attachments"]
        segments = segments_in(status["content"])
        own = self.id is not None and account["id"] == self.id
        return PostRecord(
            id=int(status["id"]),
            author=None if account["id"] == "0" else account["username"],
            body="".join(part["text"] for part in segments),
            language=status["language"],
            image=path_of(media[0]["url"]) if media else None,
            image_alt=media[0]["description"] or "" if media else "",
            like_count=status["favourites_count"],
            **{field: status[NAMES.get(field, field)] for field in MARKS.values()},
            can_edit=own and not status["spoiler_text"],
            edited=status["edited_at"] is not None,
            segments=segments,
            in_reply_to=status["in_reply_to_id"] and int(status["in_reply_to_id"]),
            reply_count=status["replies_count"],
            held=status["spoiler_text"] == HELD,
            hidden=status["spoiler_text"] == HIDDEN,
            muted=status["muted"],
        )


def url_of(path) -> str:
    """Return the URL of a path below the API, and the path and query of a whole URL."""
    parts = urlsplit(path)
    if parts.netloc:
        return f"{parts.path}?{parts.query}"
    return path if path.startswith("/") else f"/api/v1/{path}"


def links_of(response) -> dict[str, str]:
    return {relation: url for url, relation in LINK.findall(response.get("Link", ""))}


def segments_in(content):
    """Read the segments of a content: links of their kinds, and the text between them."""
    html = content.removeprefix("<p>").removesuffix("</p>")
    html = html.replace("</p><p>", "\n\n").replace("<br>", "\n")
    found = []
    for child in soup_of(f"<pre>\n{html}</pre>").pre.children:
        if child.name is None:
            found.append({"type": "text", "text": str(child)})
            continue
        link = child if child.name == "a" else child.a
        kinds, last = link.get("class", ()), link["href"].rpartition("/")[2]
        match kinds:
            case ["u-url", "mention"]:
                one = {"type": "mention", "text": link.text, "username": last.removeprefix("@")}
            case ["mention", "hashtag"]:
                one = {"type": "tag", "text": link.text, "tag": link.text[1:]}
            case _:
                one = {"type": "link", "text": link.text, "url": link["href"]}
        found.append(one)
    return tuple(found)
