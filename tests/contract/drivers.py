"""Five drivers: a user acts through one interface, in the words of the domain.

A driver sends what a client of its interface would send, and returns what that client would see, as
records. An error is an exception, the same whatever the interface's form of it is.
"""

import json
import re
from functools import partial
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from django.core.files.uploadedfile import UploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.contract.exceptions import (
    Forbidden,
    Gone,
    IdempotencyKeyReused,
    Invalid,
    NotAuthenticated,
    NotFound,
    RateLimited,
    Stale,
    StorageFull,
    Unavailable,
)
from tests.contract.records import (
    MARKS,
    Ancestors,
    Notifications,
    PostRecord,
    Timeline,
    from_graphql,
    from_html,
    from_json,
    notification_from_graphql,
    notification_from_html,
    notification_from_json,
    selection,
    snake,
)
from tests.tokens import bearer

# Three verbs for each mark, by the HTTP methods of REST: PUT sets it, DELETE takes it back, POST
# toggles it.
TOGGLES = MARKS | {"mute": "muted"}
MARK_VERBS = {
    verb: (mark, method)
    for mark in TOGGLES
    for verb, method in ((mark, "PUT"), (f"un{mark}", "DELETE"), (f"toggle_{mark}", "POST"))
}


def raise_for_status(response, fields=()):
    """Raise the exception of an HTTP status; AssertionError for one that no driver expects."""
    match response.status_code:
        case 200 | 201 | 204 | 302:
            return
        case 400:
            raise Invalid(fields)
        case 401:
            assert response["WWW-Authenticate"]
            raise NotAuthenticated
        case 403:
            raise Forbidden
        case 404:
            raise NotFound
        case 410:
            raise Gone
        case 422:
            raise IdempotencyKeyReused
        case 429:
            raise RateLimited(response["Retry-After"])
        case 503:
            raise Unavailable(response["Retry-After"])
        case 507:
            raise StorageFull
    raise AssertionError(f"{response.status_code}: {response.content[:500]!r}")


class Driver:
    """What all drivers have: a client that is logged in as a user, or anonymous."""

    name: str
    lacks: tuple[str, ...] = ()  # the names of the verbs that the interface does not have
    moderates = True  # whether moderators can work with it
    places = True  # whether it shows the place of what is deleted or hidden in a conversation

    def __init__(self, user=None):
        self.client = Client(enforce_csrf_checks=True)
        self.csrf_token = ""
        self.log_in(user)

    def __getattr__(self, name):
        """Return the verbs of marks: `like(id)`, `unlike(id)`, `toggle_like(id)`."""
        if name in MARK_VERBS:
            return partial(self.mark, *MARK_VERBS[name])
        raise AttributeError(name)

    @property
    def inbox(self) -> str:
        """Return the URL of the notifications."""
        return self.root.replace("posts", "notifications")

    def as_sent(self, text: str) -> str:
        """Return the text as a client of this interface sends it."""
        return text

    def token(self):
        """Return a CSRF token that fits the client's cookie, from any form of the site."""
        if not self.csrf_token:
            page = soup(self.client.get("/accounts/password-reset/"))
            self.csrf_token = page.select_one("[name=csrfmiddlewaretoken]")["value"]
        return self.csrf_token


# -- 1 and 2: pages --------------------------------------------------------------------------


class Pages(Driver):
    """A browser without JavaScript: it reads HTML, fills in forms and clicks."""

    root: str

    def log_in(self, user):
        if user:
            self.client.force_login(user)

    def as_sent(self, text):
        """Forms send CR LF as line end, and a replacement for half of a UTF-16 pair."""
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return re.sub(r"\r\n|\r|\n", "\r\n", text)

    def publish(self, body="", image=None, image_alt="", **extra):
        fields = {"body": body, "image_alt": image_alt, **extra}
        return self.fill_in(f"{self.root}new/", fields, image)

    def publish_once(self, key, body, image=None, **extra):
        return self.publish(body, image, key=key, **extra)

    def version(self, id):
        return soup(self.client.get(f"{self.root}{id}/edit/")).select_one("[name=version]")["value"]

    def edit(self, id, image=None, **changes):
        if image == "":
            changes["image-clear"] = "on"
        return self.fill_in(f"{self.root}{id}/edit/", changes, image or None)

    def delete(self, id, **version):
        self.fill_in(f"{self.root}{id}/delete/", version)

    def mark(self, mark, method, id):
        """Click a button, which sends what it would do; a form without its button toggles."""
        name = TOGGLES[mark]
        button = {"PUT": {name: "yes"}, "DELETE": {name: "no"}, "POST": {}}[method]
        fields = {"csrfmiddlewaretoken": self.token()} | button
        return self.post(f"{self.root}{id}/{mark}/", fields)

    def mute_user(self, method, username):
        """Press the button of the page that asks, and return whether the user is muted then."""
        url = f"{self.root.removesuffix('posts/')}users/{username}/mute/"
        button = {"PUT": {"muted": "yes"}, "DELETE": {"muted": "no"}, "POST": {}}[method]
        self.post(url, {"csrfmiddlewaretoken": self.token()} | button)
        return soup(self.get(url)).select_one("[data-field=muted]")["value"] == "no"

    def report(self, id, reason):
        return self.fill_in(f"{self.root}{id}/report/", {"reason": reason})

    def report_user(self, username, reason):
        url = f"{self.root.removesuffix('posts/')}users/{username}/report/"
        self.fill_in(url, {"reason": reason})

    def read(self, id):
        page = self.get(f"{self.root}{id}/")
        raise_for_status(page)
        return post_in(soup(page).select_one(f"article#post-{id}"))

    def timeline(self, **query):
        return self.follow(self.root, query)

    def replies(self, id, **query):
        return self.follow(f"{self.root}{id}/", query)

    def follow(self, url, query=None):
        page = self.get(url, query)
        raise_for_status(page)
        html = soup(page)
        links = [html.select_one(f"a[rel={rel}]") for rel in ("next", "prev")]
        older, newer = (link and urljoin(url, link["href"]) for link in links)
        section = "Posts" if url.partition("?")[0] == self.root else "Replies"
        posts = tuple(map(post_in, html.select(f"[aria-label={section}] article.post")))
        stopped = html.select_one("[data-field=searched_to] time")
        return Timeline(self, posts, (older, newer), stopped and stopped["datetime"])

    def likers(self, id, **query):
        return self.likers_at(f"{self.root}{id}/likes/", query)

    def likers_at(self, url, query=None):
        page = self.get(url, query)
        raise_for_status(page)
        html = soup(page)
        names = [item["data-username"] for item in html.select("[aria-label=Likes] li")]
        older = html.select_one("a[rel=next]")
        return names, older and urljoin(url, older["href"])

    def ancestors(self, id):
        page = self.get(f"{self.root}{id}/")
        raise_for_status(page)
        html = soup(page)
        posts = tuple(map(post_in, html.select("[aria-label='In reply to'] article.post")))
        top = html.select_one("[data-top]")
        return Ancestors(posts, top and int(top["data-top"]))

    def notifications(self, **query):
        return self.notifications_at(self.inbox, query)

    def notifications_at(self, url, query=None):
        page = self.get(url, query)
        raise_for_status(page)
        html = soup(page)
        found = html.select("[aria-label=Notifications] > [data-kind]")
        older = html.select_one("a[rel=next]")
        link = older and urljoin(url, older["href"])
        return Notifications(self, tuple(map(notification_from_html, found)), link)

    def unread_count(self):
        """Return the number in the header, which every page has."""
        return unread_in(self.get(self.inbox))

    def mark_read(self, up_to):
        fields = {"csrfmiddlewaretoken": self.token(), "up_to": up_to}
        response = raise_for_login(self.client.post(f"{self.inbox}read/", fields))
        raise_for_status(response, ["up_to"])
        return unread_in(self.get(response["Location"]))

    def get(self, url, query=None):
        return raise_for_login(self.client.get(url, query))

    def fill_in(self, url, changes, image=None):
        """Fetch the form, change some fields and send it. Send it also where no form is shown."""
        page = soup(self.client.get(url))
        form = page.select_one("main form:has([name=csrfmiddlewaretoken])")
        fields = inputs(form) or {"csrfmiddlewaretoken": self.token()}
        changes = {name: self.as_sent(str(value)) for name, value in changes.items()}
        return self.post(url, fields | changes | ({"image": image} if image else {}))

    def post(self, url, fields):
        response = raise_for_login(self.client.post(url, fields))
        html = soup(response)
        if response.status_code == 409:
            text = html.select_one("[name=body]")
            raise Stale(
                html.select_one("article [data-field=body]").text, text and text.text.strip()
            )
        assert not (response.status_code == 403 and "not sent from a page" in html.text)
        errors = [found["id"] for found in html.select("ul.errorlist[id$=_error]")]
        fields = [name.removeprefix("id_").removesuffix("_error") for name in errors]
        raise_for_status(response, fields)
        assert response.status_code == 302, "A form that was accepted redirects."
        page = soup(self.get(response["Location"]))
        if article := page.select_one("[aria-label=Post] article.post"):
            return post_in(article)
        return None


class FunctionPages(Pages):
    name, root = "FBV", "/fbv/posts/"


class ClassPages(Pages):
    name, root = "CBV", "/cbv/posts/"


def unread_in(page) -> int:
    """Return the unread count in the header of a page."""
    shown = soup(page).select_one("header [data-field=unread_count]")
    return int(shown.text.replace("99+", "100")) if shown else 0


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html5lib", from_encoding="utf-8")


def soup_of(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html5lib")


def raise_for_login(response):
    """Return the response; raise NotAuthenticated when it redirects to the login page."""
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/?next="):
        raise NotAuthenticated
    return response


def inputs(form) -> dict[str, str]:
    """Return the fields of a form as they would be sent unchanged."""
    if form is None:
        return {}
    kinds = ":not([type=file]):not([type=checkbox]):not([type=radio]:not([checked]))"
    plain = form.select(f"input[name]{kinds}")
    areas = {area["name"]: area.text.removeprefix("\n") for area in form.select("textarea")}
    chosen = {
        field["name"]: (field.select_one("option[selected]") or field.option)["value"]
        for field in form.select("select[name]:not([multiple])")
    }
    return {field["name"]: field.get("value", "") for field in plain} | areas | chosen


def post_in(article) -> PostRecord:
    """Read a post, and see that each button would change what is shown."""
    post = from_html(article)
    published = not (post.deleted or post.held or post.hidden)
    for mark, field in MARKS.items() if published else ():
        button = article.select_one(f"form.{mark} button[name={field}]")
        assert button["value"] == ("no" if getattr(post, field) else "yes")
    return post


# -- 3 and 4: REST ---------------------------------------------------------------------------


class Bearer(Driver):
    """A program that sends an access token."""

    def log_in(self, user):
        self.headers = bearer(user) if user else {}

    def as_sent(self, text):
        """JSON has UTF-16 pairs: two halves side by side are one character."""
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


class Rest(Bearer):
    root: str
    new = edit_suffix = delete_suffix = ""

    def publish(self, body="", image=None, image_alt="", **extra):
        fields = {"body": body, **extra} | ({"image_alt": image_alt} if image_alt else {})
        return self.write("POST", self.new, fields, image)

    def publish_once(self, key, body, image=None, **extra):
        fields = {"body": body, **extra}
        return self.write("POST", self.new, fields, image, {"Idempotency-Key": key})

    def version(self, id):
        return self.client.get(f"{self.root}{id}/", headers=self.headers)["ETag"]

    def edit(self, id, image=None, version=None, **changes):
        if image == "":
            changes["image"] = None
        path = f"{id}/{self.edit_suffix}"
        return self.write("PATCH", path, changes, image or None, if_match(version))

    def replace(self, id, **fields):
        return self.write("PUT", f"{id}/{self.edit_suffix}", fields)

    def delete(self, id, version=None):
        self.send("DELETE", f"{self.root}{id}/{self.delete_suffix}", if_match(version))

    def mark(self, mark, method, id):
        return self.write(method, f"{id}/{mark}/")

    def mute_user(self, method, username):
        url = f"{self.root.removesuffix('posts/')}users/{username}/mute/"
        return self.send(method, url)["muted"]

    def report(self, id, reason):
        return self.write("POST", f"{id}/report/", {"reason": reason})

    def report_user(self, username, reason):
        url = f"{self.root.removesuffix('posts/')}users/{username}/report/"
        sent = {"data": json.dumps({"reason": reason}), "content_type": "application/json"}
        assert self.send("POST", url, **sent)["reported"]

    def read(self, id):
        return from_json(self.send("GET", f"{self.root}{id}/"))

    def timeline(self, **query):
        return self.follow(self.root, query)

    def replies(self, id, **query):
        return self.follow(f"{self.root}{id}/replies/", query)

    def likers(self, id, **query):
        return self.likers_at(f"{self.root}{id}/likes/", query)

    def likers_at(self, url, query=None):
        page = self.send("GET", url, query_params=query)
        return [like["user"]["username"] for like in page["results"]], page["next"]

    def ancestors(self, id):
        found = self.send("GET", f"{self.root}{id}/ancestors/")
        return Ancestors(tuple(map(from_json, found["results"])), found["top"])

    def follow(self, url, query=None):
        page = self.send("GET", url, query_params=query)
        posts = tuple(map(from_json, page["results"]))
        return Timeline(self, posts, (page["next"], page["previous"]), page.get("searched_to"))

    def notifications(self, **query):
        return self.notifications_at(self.inbox, query)

    def notifications_at(self, url, query=None):
        page = self.send("GET", url, query_params=query)
        items = tuple(map(notification_from_json, page["results"]))
        return Notifications(self, items, page["next"])

    def unread_count(self):
        return self.send("GET", f"{self.inbox}unread/")["count"]

    def mark_read(self, up_to):
        sent = {"data": json.dumps({"up_to": up_to}), "content_type": "application/json"}
        return self.send("POST", f"{self.inbox}read/", **sent)["count"]

    def write(self, method, path, fields=None, image=None, headers=None):
        content, kind = json.dumps(fields), "application/json"
        if image:
            content = encode_multipart(BOUNDARY, fields | {"image": image})
            kind = MULTIPART_CONTENT
        sent = {} if fields is None else {"data": content, "content_type": kind}
        return from_json(self.send(method, self.root + path, headers, **sent))

    def send(self, method, url, headers=None, **options):
        """Return what the JSON of the response holds, None when it is empty."""
        headers = self.headers | (headers or {})
        response = self.client.generic(method, url, headers=headers, **options)
        content = json.loads(response.content) if response.content else None
        if response.status_code == 412:
            assert content["code"] == "stale"
            raise Stale(content["post"]["body"])
        raise_for_status(response, content or ())
        return content


class RestFunctions(Rest):
    name, root = "REST functions", "/api/fbv/posts/"
    new, edit_suffix, delete_suffix = "new/", "update/", "delete/"


class RestViewSet(Rest):
    name, root = "REST view set", "/api/cbv/posts/"


def if_match(version) -> dict[str, str]:
    return {} if version is None else {"If-Match": version}


# -- 5: GraphQL ------------------------------------------------------------------------------

POST = selection()
INFO = "{hasNextPage hasPreviousPage startCursor endCursor}"
PAGE = f"{{searchedTo edges{{node{POST}}} pageInfo{INFO}}}"
NOTIFICATION = f"{{kind createdOn unread actor{{username}} otherCount post{POST}}}"
NOTIFICATIONS = f"{{edges{{node{NOTIFICATION}}} pageInfo{INFO}}}"
# The types of variables that are not String.
TYPES = {"id": "ID!", "body": "String!", "image": "Upload", "removeImage": "Boolean"}
TYPES |= {"first": "Int", "last": "Int", "inReplyTo": "ID", "upTo": "DateTime!"}
TYPES |= {"username": "String!", "reason": "String!"}
CURSORS = {"first", "after", "last", "before"}
DOMAIN_ERRORS = {"NOT_FOUND": NotFound, "UNAUTHENTICATED": NotAuthenticated, "FORBIDDEN": Forbidden}
DOMAIN_ERRORS |= {"GONE": Gone, "IDEMPOTENCY_KEY_REUSED": IdempotencyKeyReused}


class GraphQL(Bearer):
    name = "GraphQL"

    def publish(self, body="", image=None, image_alt="", **extra):
        if "in_reply_to" in extra:
            extra["inReplyTo"] = extra.pop("in_reply_to")
        fields = {"body": body, "image": image, "imageAlt": image_alt or None, **extra}
        return self.mutate("createPost", **{k: v for k, v in fields.items() if v is not None})

    def publish_once(self, key, body, image=None, in_reply_to=None):
        fields = {"body": body, "image": image, "inReplyTo": in_reply_to}
        given = {name: value for name, value in fields.items() if value is not None}
        return self.mutate("createPost", headers={"Idempotency-Key": key}, **given)

    def version(self, id):
        return self.execute("query", "post", "{modifiedOn}", id=id)["modifiedOn"]

    def edit(self, id, image=None, **changes):
        new_image = {"removeImage": True} if image == "" else {"image": image} if image else {}
        if "image_alt" in changes:
            changes["imageAlt"] = changes.pop("image_alt")
        return self.mutate("updatePost", id=id, **changes, **new_image)

    def delete(self, id, **version):
        self.mutate("deletePost", "deletedId post" + POST, id=id, **version)

    def mark(self, mark, method, id):
        names = {"PUT": f"{mark}Post", "DELETE": f"un{mark}Post"}
        return self.mutate(names.get(method, f"togglePost{mark.capitalize()}"), id=id)

    def mute_user(self, method, username):
        field = {"PUT": "muteUser", "DELETE": "unmuteUser", "POST": "toggleUserMute"}[method]
        selected = "{muted errors{code field message retryAfter}}"
        payload = self.execute("mutation", field, selected, username=username)
        if payload["errors"]:
            raise exception_for(payload["errors"])
        return payload["muted"]

    def report(self, id, reason):
        return self.mutate("reportPost", id=id, reason=reason)

    def report_user(self, username, reason):
        selected = "{user{username} errors{code field message retryAfter}}"
        payload = self.execute("mutation", "reportUser", selected, username=username, reason=reason)
        if payload["errors"]:
            raise exception_for(payload["errors"])
        assert payload["user"]

    def read(self, id):
        post = self.execute("query", "post", POST, id=id)
        if post is None:
            raise NotFound
        return from_graphql(post)

    def timeline(self, page_size=None, cursor=None, **query):
        # A switch is `on` in the other interfaces.
        query = {name: True if value == "on" else value for name, value in query.items()}
        given = {"first": page_size, "after": cursor} | query
        return self.follow({name: value for name, value in given.items() if value is not None})

    def replies(self, id, **query):
        return self.timeline(id=id, **query)

    def likers(self, id, page_size=20, cursor=None):
        given = {"id": id, "first": page_size} | ({"after": cursor} if cursor else {})
        return self.likers_at(given)

    def likers_at(self, given):
        selected = "{edges{node{user{username}}} pageInfo{hasNextPage endCursor}}"
        page = self.execute("query", "likedBy", selected, **given)
        names = [edge["node"]["user"]["username"] for edge in page["edges"]]
        info = page["pageInfo"]
        return names, info["hasNextPage"] and given | {"after": info["endCursor"]}

    def ancestors(self, id):
        found = self.execute("query", "ancestors", f"{{results{POST} top}}", id=id)
        top = found["top"]
        return Ancestors(tuple(map(from_graphql, found["results"])), top and int(top))

    def follow(self, query):
        page = self.execute("query", "replies" if "id" in query else "posts", PAGE, **query)
        info = page["pageInfo"]
        size = query.get("first", query.get("last", 20))
        rest = {name: query[name] for name in query.keys() - CURSORS}
        older = rest | {"first": size, "after": info["endCursor"]}
        newer = rest | {"last": size, "before": info["startCursor"]}
        links = (info["hasNextPage"] and older, info["hasPreviousPage"] and newer)
        posts = tuple(from_graphql(edge["node"]) for edge in page["edges"])
        return Timeline(self, posts, links, page["searchedTo"])

    def notifications(self, page_size=None, cursor=None):
        given = {"first": page_size, "after": cursor}
        return self.notifications_at({name: one for name, one in given.items() if one is not None})

    def notifications_at(self, query):
        page = self.execute("query", "notifications", NOTIFICATIONS, **query)
        items = tuple(notification_from_graphql(edge["node"]) for edge in page["edges"])
        info = page["pageInfo"]
        return Notifications(
            self, items, info["hasNextPage"] and query | {"after": info["endCursor"]}
        )

    def unread_count(self):
        return self.execute("query", "unreadNotificationCount", "")

    def mark_read(self, up_to):
        selected = "{unreadNotificationCount errors{code field message retryAfter}}"
        payload = self.execute("mutation", "markNotificationsRead", selected, upTo=up_to)
        if payload["errors"]:
            raise exception_for(payload["errors"])
        return payload["unreadNotificationCount"]

    def mutate(self, field, result="post" + POST, headers=None, **variables):
        selected = f"{{{result} errors{{code field message retryAfter}}}}"
        payload = self.execute("mutation", field, selected, headers, **variables)
        post = payload.get("post") and from_graphql(payload["post"])
        if payload["errors"]:
            raise exception_for(payload["errors"], post)
        return post

    def execute(self, kind, field, selected, headers=None, **variables):
        """Return the value of one root field, with a variable for each of its arguments."""
        types = {name: "Boolean" for name, value in variables.items() if value is True} | TYPES
        declared = ", ".join(f"${name}: {types.get(name, 'String')}" for name in variables)
        given = ", ".join(f"{name}: ${name}" for name in variables)
        ends = (f"({declared})", f"({given})") if variables else ("", "")
        document = f"{kind}{ends[0]} {{ {field}{ends[1]} {selected} }}"
        return self.send({"query": document, "variables": variables}, headers)[field]

    def send(self, operation, headers=None):
        # Without a bearer token, multipart forms need a CSRF token.
        headers = (self.headers or {"X-CSRFToken": self.token()}) | (headers or {})
        response = self.client.post("/graphql/", **encoded(operation), headers=headers)
        content = json.loads(response.content)
        assert (response.status_code in (429, 503)) == ("Retry-After" in response)
        if response.status_code in (503, 507):
            raise_for_status(response)
        if errors := content.get("errors"):
            assert 200 <= response.status_code < 500, content
            raise exception_for([error["extensions"] for error in errors])
        assert response.status_code in (200, 403, 410, 422, 429), content
        return content["data"]


def exception_for(errors, current=None):
    """Return the exception for a list of errors, of a mutation's payload or of the document.

    `current` is the post of the payload, which a stale edit returns as it is stored.
    """
    first = errors[0]
    if first["code"] == "RATE_LIMITED":
        return RateLimited(first["retryAfter"])
    if first["code"] == "UNAVAILABLE":
        return Unavailable(first["retryAfter"])
    if first["code"] == "STALE":
        return Stale(current.body)
    if first["code"] in ("INVALID", "BAD_QUERY"):
        fields = [snake(error["field"]) for error in errors if error.get("field")]
        return Invalid(fields)
    return DOMAIN_ERRORS.get(first["code"], lambda: AssertionError(errors))()


def encoded(operation) -> dict[str, str]:
    """Return JSON, or with a file among the variables a multipart form, as
    https://github.com/jaydenseric/graphql-multipart-request-spec specifies it."""
    variables = operation["variables"]
    files = {name: value for name, value in variables.items() if isinstance(value, UploadedFile)}
    if not files:
        return {"data": json.dumps(operation), "content_type": "application/json"}
    holes = {"variables": variables | dict.fromkeys(files), "query": operation["query"]}
    places = {name: [f"variables.{name}"] for name in files}
    parts = {"operations": json.dumps(holes), "map": json.dumps(places), **files}
    return {"data": parts}


DRIVERS = [FunctionPages, ClassPages, RestFunctions, RestViewSet, GraphQL]
