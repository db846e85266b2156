"""Five drivers: a person acts through one interface, in the words of the domain.

A driver sends what that door's user would send, and answers with what that user really sees.
"""

import json
import re
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from django.core.files.uploadedfile import UploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.contract.answers import (
    Forbidden,
    IdempotencyKeyReused,
    Invalid,
    NotAuthenticated,
    NotFound,
    PostDisplayMixin,
    RateLimited,
    Stale,
    StorageFull,
    Timeline,
    Unavailable,
)
from tests.tokens import bearer


def by_status(response, fields=()):
    """Raise the exception_for that an HTTP status stands for; any other bad status is a fault."""
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
        case 422:
            raise IdempotencyKeyReused
        case 429:
            raise RateLimited(response["Retry-After"])
        case 503:
            raise Unavailable(response["Retry-After"])
        case 507:
            raise StorageFull
    raise AssertionError(f"{response.status_code}: {response.content[:500]!r}")


def path_of(url: str | None) -> str | None:
    return urlsplit(url).path if url else None


class Driver:
    """The verbs that all drivers have."""

    name: str

    def __init__(self, person=None):
        self.client = Client(enforce_csrf_checks=True)
        self.some_token = ""
        self.sign_in(person)

    def carried(self, text: str) -> str:
        """The text as this door's user agent sends it."""
        return text

    def token(self):
        """The hidden token of any form on the site: the cookie that it fits is the same."""
        if not self.some_token:
            page = soup(self.client.get("/accounts/login/"))
            self.some_token = page.select_one("[name=csrfmiddlewaretoken]")["value"]
        return self.some_token


# -- 1 and 2: pages --------------------------------------------------------------------------


class Pages(Driver):
    """A browser without JavaScript: it reads HTML, fills forms in and clicks."""

    root: str

    def sign_in(self, person):
        if person:
            self.client.force_login(person)

    def carried(self, text):
        """What a form sends: CR LF as line end, and no half of a UTF-16 pair."""
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return re.sub(r"\r\n|\r|\n", "\r\n", text)

    def publish(self, body="", image=None, image_alt="", **extra):
        fields = {"body": body, "image_alt": image_alt, **extra}
        return self.fill_in(f"{self.root}new/", fields, image)

    def publish_once(self, key, body, image=None):
        return self.publish(body, image, key=key)

    def version(self, id):
        return soup(self.client.get(f"{self.root}{id}/edit/")).select_one("[name=version]")["value"]

    def edit(self, id, image=None, **changes):
        if image == "":
            changes["image-clear"] = "on"
        return self.fill_in(f"{self.root}{id}/edit/", changes, image or None)

    def delete(self, id, **version):
        self.fill_in(f"{self.root}{id}/delete/", version)

    def like(self, id):
        return self.click(id, liked="yes")

    def unlike(self, id):
        return self.click(id, liked="no")

    def toggle_like(self, id):
        return self.click(id)

    def read(self, id):
        page = self.get(f"{self.root}{id}/")
        by_status(page)
        return shown_in(soup(page).select_one(f"article#post-{id}"))

    def timeline(self, **query):
        return self.follow(self.root, query)

    def follow(self, address, query=None):
        page = self.get(address, query)
        by_status(page)
        html = soup(page)
        links = [html.select_one(f"a[rel={rel}]") for rel in ("next", "prev")]
        older, newer = (link and urljoin(address, link["href"]) for link in links)
        posts = tuple(map(shown_in, html.select("article.post")))
        return Timeline(self, posts, (older, newer))

    def get(self, address, query=None):
        return not_the_login_page(self.client.get(address, query))

    def click(self, id, **button):
        return self.post(f"{self.root}{id}/like/", {"csrfmiddlewaretoken": self.token()} | button)

    def fill_in(self, address, changes, image=None):
        """Fetch the form, change some fields and send it; sent also where no form is shown."""
        page = soup(self.client.get(address))
        form = page.select_one("main form:has([name=csrfmiddlewaretoken])")
        fields = inputs(form) or {"csrfmiddlewaretoken": self.token()}
        changes = {name: self.carried(str(value)) for name, value in changes.items()}
        return self.post(address, fields | changes | ({"image": image} if image else {}))

    def post(self, address, fields):
        response = not_the_login_page(self.client.post(address, fields))
        html = soup(response)
        if response.status_code == 409:
            text = html.select_one("[name=body]")
            raise Stale(html.select_one("article .body").text, text and text.text.strip())
        assert not (response.status_code == 403 and "not sent from a page" in html.text)
        errors = [found["id"] for found in html.select("ul.errorlist[id$=_error]")]
        by_status(response, [name.removeprefix("id_").removesuffix("_error") for name in errors])
        assert response.status_code == 302, "A form that was accepted leads on."
        if article := soup(self.get(response["Location"])).select_one("article.post"):
            return shown_in(article)
        return None


class FunctionPages(Pages):
    name, root = "FBV", "/fbv/posts/"


class ClassPages(Pages):
    name, root = "CBV", "/cbv/posts/"


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html5lib", from_encoding="utf-8")


def not_the_login_page(response):
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/?next="):
        raise NotAuthenticated
    return response


def inputs(form) -> dict[str, str]:
    """The fields of a form as they would be sent unchanged."""
    if form is None:
        return {}
    plain = form.select("input[name]:not([type=file]):not([type=checkbox])")
    areas = {area["name"]: area.text.removeprefix("\n") for area in form.select("textarea")}
    return {field["name"]: field.get("value", "") for field in plain} | areas


def shown_in(article) -> PostDisplayMixin:
    author, picture = article.select_one(".author"), article.select_one("img.picture")
    button = article.select_one("form.like button[name=liked]")
    liked = button["aria-pressed"] == "true"
    assert button["value"] == ("no" if liked else "yes")
    return PostDisplayMixin(
        id=int(article["id"].removeprefix("post-")),
        author=author.get("data-username"),
        body=article.select_one(".body").text,
        image=path_of(picture["src"]) if picture else None,
        image_alt=picture["alt"] if picture else "",
        like_count=int(article.select_one(".like-count").text),
        liked=liked,
        can_edit=article.select_one("a.edit") is not None,
        edited=article.select_one(".edited") is not None,
    )


# -- 3 and 4: REST ---------------------------------------------------------------------------


class Bearer(Driver):
    """A program that shows an access token."""

    def sign_in(self, person):
        self.headers = bearer(person) if person else {}

    def carried(self, text):
        """JSON knows UTF-16 pairs: two halves side by side are one character."""
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


class Rest(Bearer):
    root: str
    new = edit_suffix = delete_suffix = ""

    def publish(self, body="", image=None, image_alt="", **extra):
        fields = {"body": body, **extra} | ({"image_alt": image_alt} if image_alt else {})
        return self.write("POST", self.new, fields, image)

    def publish_once(self, key, body, image=None):
        return self.write("POST", self.new, {"body": body}, image, {"Idempotency-Key": key})

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

    def like(self, id):
        return self.write("PUT", f"{id}/like/")

    def unlike(self, id):
        return self.write("DELETE", f"{id}/like/")

    def toggle_like(self, id):
        return self.write("POST", f"{id}/like/")

    def read(self, id):
        return shown_as_json(self.send("GET", f"{self.root}{id}/"))

    def timeline(self, **query):
        return self.follow(self.root, query)

    def follow(self, address, query=None):
        page = self.send("GET", address, query_params=query)
        posts = tuple(map(shown_as_json, page["results"]))
        return Timeline(self, posts, (page["next"], page["previous"]))

    def write(self, method, path, fields=None, image=None, headers=None):
        content, kind = json.dumps(fields), "application/json"
        if image:
            content = encode_multipart(BOUNDARY, fields | {"image": image})
            kind = MULTIPART_CONTENT
        sent = {} if fields is None else {"data": content, "content_type": kind}
        return shown_as_json(self.send(method, self.root + path, headers, **sent))

    def send(self, method, address, headers=None, **options):
        headers = self.headers | (headers or {})
        response = self.client.generic(method, address, headers=headers, **options)
        answer = json.loads(response.content) if response.content else None
        if response.status_code == 412:
            assert answer["code"] == "stale"
            raise Stale(answer["post"]["body"])
        by_status(response, answer or ())
        return answer


class RestFunctions(Rest):
    name, root = "REST functions", "/api/fbv/posts/"
    new, edit_suffix, delete_suffix = "new/", "update/", "delete/"


class RestViewSet(Rest):
    name, root = "REST view set", "/api/cbv/posts/"


def if_match(version) -> dict[str, str]:
    return {} if version is None else {"If-Match": version}


def shown_as_json(post) -> PostDisplayMixin:
    author, image = post["created_by"], post["image"]
    return PostDisplayMixin(
        id=post["id"],
        author=author["username"] if author else None,
        body=post["body"],
        image=path_of(image["url"]) if image else None,
        image_alt=image["alt"] if image else "",
        like_count=post["like_count"],
        liked=post["liked"],
        can_edit=post["can_edit"],
        edited=post["edited"],
    )


# -- 5: GraphQL ------------------------------------------------------------------------------

POST = "{id body image{url alt} createdBy{username} likeCount liked canEdit edited}"
INFO = "{hasNextPage hasPreviousPage startCursor endCursor}"
PAGE = f"{{edges{{node{POST}}} pageInfo{INFO}}}"
# The types of variables that are no String.
TYPES = {"id": "ID!", "body": "String!", "image": "Upload", "removeImage": "Boolean"}
TYPES |= {"first": "Int", "last": "Int"}
DOMAIN_ERRORS = {"NOT_FOUND": NotFound, "UNAUTHENTICATED": NotAuthenticated, "FORBIDDEN": Forbidden}
DOMAIN_ERRORS |= {"IDEMPOTENCY_KEY_REUSED": IdempotencyKeyReused}


class GraphQL(Bearer):
    name = "GraphQL"

    def publish(self, body="", image=None, image_alt="", **extra):
        fields = {"body": body, "image": image, "imageAlt": image_alt or None, **extra}
        return self.mutate("createPost", **{k: v for k, v in fields.items() if v is not None})

    def publish_once(self, key, body, image=None):
        fields = {"body": body} | ({"image": image} if image else {})
        return self.mutate("createPost", headers={"Idempotency-Key": key}, **fields)

    def version(self, id):
        return self.ask("query", "post", "{modifiedOn}", id=id)["modifiedOn"]

    def edit(self, id, image=None, **changes):
        picture = {"removeImage": True} if image == "" else {"image": image} if image else {}
        if "image_alt" in changes:
            changes["imageAlt"] = changes.pop("image_alt")
        return self.mutate("updatePost", id=id, **changes, **picture)

    def delete(self, id, **version):
        self.mutate("deletePost", "deletedId post" + POST, id=id, **version)

    def like(self, id):
        return self.mutate("likePost", id=id)

    def unlike(self, id):
        return self.mutate("unlikePost", id=id)

    def toggle_like(self, id):
        return self.mutate("togglePostLike", id=id)

    def read(self, id):
        post = self.ask("query", "post", POST, id=id)
        if post is None:
            raise NotFound
        return shown_in_graph(post)

    def timeline(self, page_size=None, cursor=None, **query):
        given = {"first": page_size, "after": cursor} | query
        return self.follow({name: value for name, value in given.items() if value is not None})

    def follow(self, query):
        page = self.ask("query", "posts", PAGE, **query)
        info = page["pageInfo"]
        size = query.get("first", query.get("last", 20))
        rest = {name: query[name] for name in ("q", "author") if name in query}
        older = rest | {"first": size, "after": info["endCursor"]}
        newer = rest | {"last": size, "before": info["startCursor"]}
        links = (info["hasNextPage"] and older, info["hasPreviousPage"] and newer)
        return Timeline(self, tuple(shown_in_graph(edge["node"]) for edge in page["edges"]), links)

    def mutate(self, field, result="post" + POST, headers=None, **variables):
        answer = f"{{{result} errors{{code field message retryAfter}}}}"
        payload = self.ask("mutation", field, answer, headers, **variables)
        shown = payload.get("post") and shown_in_graph(payload["post"])
        if payload["errors"]:
            raise exception_for(payload["errors"], shown)
        return shown

    def ask(self, kind, field, answer, headers=None, **variables):
        """Ask for one field, with a variable for each of its arguments."""
        declared = ", ".join(f"${name}: {TYPES.get(name, 'String')}" for name in variables)
        given = ", ".join(f"{name}: ${name}" for name in variables)
        ends = (f"({declared})", f"({given})") if variables else ("", "")
        document = f"{kind}{ends[0]} {{ {field}{ends[1]} {answer} }}"
        return self.send({"query": document, "variables": variables}, headers)[field]

    def send(self, operation, headers=None):
        # Without a bearer token a form must prove that it comes from a page of the site.
        headers = (self.headers or {"X-CSRFToken": self.token()}) | (headers or {})
        response = self.client.post("/graphql/", **encoded(operation), headers=headers)
        answer = json.loads(response.content)
        assert (response.status_code in (429, 503)) == ("Retry-After" in response)
        if response.status_code in (503, 507):
            by_status(response)
        if errors := answer.get("errors"):
            assert 200 <= response.status_code < 500, answer
            raise exception_for([error["extensions"] for error in errors])
        assert response.status_code in (200, 422, 429), answer
        return answer["data"]


def exception_for(errors, current=None):
    """The exception for GraphQL's list of errors, typed ones of a mutation or those of a query."""
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


def snake(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), name)


def encoded(operation) -> dict[str, str]:
    """JSON, or with a file among the variables the GraphQL multipart request specification:
    https://github.com/jaydenseric/graphql-multipart-request-spec"""
    variables = operation["variables"]
    files = {name: value for name, value in variables.items() if isinstance(value, UploadedFile)}
    if not files:
        return {"data": json.dumps(operation), "content_type": "application/json"}
    holes = {"variables": variables | dict.fromkeys(files), "query": operation["query"]}
    places = {name: [f"variables.{name}"] for name in files}
    parts = {"operations": json.dumps(holes), "map": json.dumps(places), **files}
    return {"data": parts}


def shown_in_graph(node) -> PostDisplayMixin:
    snaked = {snake(name): value for name, value in node.items()}
    return shown_as_json(snaked | {"id": int(node["id"])})


DRIVERS = [FunctionPages, ClassPages, RestFunctions, RestViewSet, GraphQL]
