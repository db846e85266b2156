"""Three drivers: a user signs up, logs in and deletes the account through one interface.

Pages are a browser without JavaScript, REST is the app, GraphQL a program. A driver has the verbs
that its interface offers, and raises the exceptions of the posts' contract.
"""

import json
from urllib.parse import quote

from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.contract.drivers import inputs, raise_for_login, raise_for_status, soup
from tests.contract.exceptions import Forbidden, Invalid, NotAuthenticated, NotFound, RateLimited
from tests.contract.records import snake

PASSWORD = "correct horse battery"
OTHER = "staple of nine stables"


class Driver:
    name: str

    def __init__(self):
        self.client = Client(enforce_csrf_checks=True)

    @classmethod
    def offers(cls, verb):
        return hasattr(cls, verb)


class Pages(Driver):
    name = "pages"

    def sign_up(self, email, invitation=""):
        """Return the token of the activation link if there is no mail to wait for."""
        path = f"join/{invitation}/" if invitation else "register/"
        goes_to = self.fill(path, email=email)["Location"]
        return goes_to.split("/activate/")[1].strip("/") if "/activate/" in goes_to else None

    def activate(self, token, password=PASSWORD, username="", **more):
        self.fill(f"activate/{token}/", password=password, username=username, **more)

    def log_in(self, email, password=PASSWORD):
        try:
            self.fill("login/", username=email, password=password)
        except Invalid:
            raise NotAuthenticated from None

    def log_out(self):
        self.press("logout/")

    def ask_for_reset(self, email):
        self.fill("password-reset/", email=email)

    def reset_password(self, token, password=OTHER):
        self.fill(f"password-reset/{token}/", password=password)

    def change_password(self, current=PASSWORD, new=OTHER):
        self.fill("password-change/", current_password=current, new_password=new)

    def ask_for_email(self, email, password=PASSWORD):
        self.fill("email-change/", email=email, password=password)

    def confirm_email(self, token):
        self.fill(f"email-change/{token}/")

    def me(self):
        page = soup(self.get("profile/"))
        form = inputs(page.select_one("form.profile"))
        names = ("username", "display_name", "bio")
        return {"email": page.select_one(".email").text} | {name: form[name] for name in names}

    def update_profile(self, **changes):
        self.fill("profile/", "form.profile", **changes)
        return self.me()

    def mails(self):
        form = inputs(soup(self.get("email-notifications/")).select_one("main form"))
        return {name: form[name] for name in ("email_notifications", "time_zone")}

    def choose_mails(self, **changes):
        self.fill("email-notifications/", **changes)
        return self.mails()

    def delete_account(self, password=PASSWORD, posts="keep"):
        self.fill("profile/delete/", password=password, posts=posts)

    def set_avatar(self, picture):
        self.fill("profile/avatar/", avatar=picture)

    def remove_avatar(self):
        self.fill("profile/avatar/", **{"avatar-clear": "on"})

    def own_data(self):
        page = soup(self.get("data/"))
        return tuple(int(page.select_one(f".{name}")["data-value"]) for name in ("stored", "today"))

    def request_archive(self):
        self.press("data/")

    def download(self):
        return b"".join(self.get("data/archive/").streaming_content)

    def avatar_of(self, username):
        image = soup(self.get(f"users/{username}/")).select_one("header img")
        return image and image["src"]

    def sessions(self):
        found, path = {}, "profile/"
        while path:
            page = soup(self.get(path))
            found |= {
                item["data-id"]: item.select_one(".current") is not None
                for item in page.select("li.session")
            }
            following = page.select_one("a[rel=next]")
            path = following and f"profile/{following['href']}"
        return found

    def end_session(self, id):
        self.press(f"sessions/{id}/end/")

    def end_all_sessions(self):
        self.press("sessions/end/")

    def make_token(self, **fields):
        """Return the text of the new token, which the page shows once."""
        token = soup(self.client.get("/accounts/password-reset/")).select_one(
            "[name=csrfmiddlewaretoken]"
        )
        sent = {"csrfmiddlewaretoken": token["value"], "days": 90} | fields
        response = raise_for_login(self.client.post("/accounts/tokens/", sent))
        errors = soup(response).select("ul.errorlist[id$=_error]")
        raise_for_status(response, [error["id"][3:-6] for error in errors])
        return soup(response).select_one("#token")["value"]

    def tokens(self):
        found = soup(self.get("tokens/")).select("li.token")
        return {
            one["data-id"]: (one.select_one(".name").text, one.select_one(".scopes").text)
            for one in found
        }

    def end_token(self, id):
        self.press(f"tokens/{id}/end/")

    def programs(self):
        found = soup(self.get("profile/")).select("li.application")
        return {
            one["data-id"]: (one.select_one(".name").text, one.select_one(".scopes").text)
            for one in found
        }

    def end_program(self, id):
        self.press(f"applications/{id}/end/")

    def person(self, username):
        page = soup(self.get(f"users/{username}/"))
        return page.select_one("h1").text, page.get_text()

    def members(self, path="users/?page_size=2"):
        page = soup(self.get(path))
        older = page.select_one("a[rel=next]")
        names = [item["data-username"] for item in page.select("[aria-label=Members] li")]
        return names, older and f"users/{older['href']}"

    def get(self, path):
        response = raise_for_login(self.client.get(f"/accounts/{path}"))
        raise_for_status(response)
        return response

    def fill(self, path, form="main form", **fields):
        page = soup(raise_for_login(self.client.get(f"/accounts/{path}")))
        shown = page.select_one(form)
        if shown is None:  # somebody sends it nevertheless
            return self.press(path, **fields)
        assert set(fields) <= {field["name"] for field in shown.select("[name]")}
        return self.post(path, inputs(shown) | fields)

    def press(self, path, **fields):
        token = soup(self.client.get("/accounts/password-reset/")).select_one(
            "[name=csrfmiddlewaretoken]"
        )
        return self.post(path, {"csrfmiddlewaretoken": token["value"]} | fields)

    def post(self, path, fields):
        response = raise_for_login(self.client.post(f"/accounts/{path}", fields))
        errors = soup(response).select("ul.errorlist[id$=_error]")
        raise_for_status(response, [error["id"][3:-6] for error in errors])
        assert response.status_code == 302
        return response


class Rest(Driver):
    """The app: it keeps the access token in memory and the refresh token in a cookie."""

    name = "REST"

    def __init__(self):
        super().__init__()
        self.access = None

    def sign_up(self, email, invitation=""):
        fields = {"email": email} | ({"invitation": invitation} if invitation else {})
        return self.send("POST", "auth/register/", fields).get("activation")

    def activate(self, token, password=PASSWORD, username="", **more):
        fields = {"token": token, "password": password, **more}
        self.send("POST", "auth/activate/", fields | ({"username": username} if username else {}))

    def log_in(self, email, password=PASSWORD):
        content = self.send("POST", "auth/token/", {"email": email, "password": password})
        self.access = content["access"]

    def refresh(self):
        self.access = self.send("POST", "auth/token/refresh/")["access"]

    def log_out(self):
        self.send("POST", "auth/token/logout/")
        self.access = None

    def ask_for_reset(self, email):
        self.send("POST", "auth/password-reset/", {"email": email})

    def reset_password(self, token, password=OTHER):
        self.send("POST", "auth/password-reset/confirm/", {"token": token, "password": password})

    def change_password(self, current=PASSWORD, new=OTHER):
        given = {"current_password": current, "new_password": new}
        self.access = self.send("POST", "auth/password-change/", given)["access"]

    def ask_for_email(self, email, password=PASSWORD):
        self.send("POST", "auth/email-change/", {"email": email, "password": password})

    def confirm_email(self, token):
        self.send("POST", "auth/email-change/confirm/", {"token": token})

    def me(self):
        profile = self.send("GET", "profile/")
        assert profile.pop("date_joined")
        for other in ("avatar", "bio_segments", "email_notifications", "time_zone", "role"):
            profile.pop(other)
        return profile

    def update_profile(self, **changes):
        self.send("PATCH", "profile/", changes)
        return self.me()

    def mails(self):
        profile = self.send("GET", "profile/")
        return {name: profile[name] for name in ("email_notifications", "time_zone")}

    def choose_mails(self, **changes):
        self.send("PATCH", "profile/", changes)
        return self.mails()

    def delete_account(self, password=PASSWORD, posts="keep"):
        self.send("DELETE", "profile/", {"password": password, "posts": posts})

    def set_avatar(self, picture):
        content = encode_multipart(BOUNDARY, {"avatar": picture})
        self.send("PUT", "profile/avatar/", content=content, content_type=MULTIPART_CONTENT)

    def remove_avatar(self):
        self.send("DELETE", "profile/avatar/")

    def own_data(self):
        data = self.send("GET", "profile/data/")
        return data["image_bytes"], data["image_bytes_today"]

    def request_archive(self):
        self.send("POST", "profile/data/")

    def download(self):
        response = self.client.get("/api/profile/data/archive/", headers=self.headers)
        raise_for_status(response)
        return b"".join(response.streaming_content)

    def avatar_of(self, username):
        squares = self.send("GET", f"users/{username}/")["avatar"]
        return squares and squares[1]["url"]

    def sessions(self):
        found, path = {}, "auth/sessions/"
        while path:
            page = self.send("GET", path)
            found |= {one["id"]: one["current"] for one in page["results"]}
            path = page["next"] and page["next"].partition("/api/")[2]
        return found

    def end_session(self, id):
        self.send("DELETE", f"auth/sessions/{id}/")

    def end_all_sessions(self):
        self.send("DELETE", "auth/sessions/")

    def make_token(self, **fields):
        return self.send("POST", "auth/personal-tokens/", fields)["token"]

    def tokens(self):
        found = self.send("GET", "auth/personal-tokens/")["results"]
        return {str(one["id"]): (one["name"], ", ".join(one["scopes"])) for one in found}

    def end_token(self, id):
        self.send("DELETE", f"auth/personal-tokens/{id}/")

    def programs(self):
        found = self.send("GET", "auth/allowed-applications/")["results"]
        return {str(one["id"]): (one["name"], ", ".join(one["scopes"])) for one in found}

    def end_program(self, id):
        self.send("DELETE", f"auth/allowed-applications/{id}/")

    def person(self, username):
        person = self.send("GET", f"users/{username}/")
        return person["display_name"], json.dumps(person)

    def search(self, q):
        return [one["username"] for one in self.send("GET", f"users/?q={quote(q)}")["results"]]

    def members(self, path="users/?page_size=2"):
        page = self.send("GET", path)
        older = page["next"] and page["next"].removeprefix("/api/")
        return [one["username"] for one in page["results"]], older

    @property
    def headers(self):
        bearer = {"Authorization": f"Bearer {self.access}"} if self.access else {}
        return {"X-Ublog": "1", **bearer}

    def send(self, method, path, fields=None, content="", content_type="application/json"):
        content = content if fields is None else json.dumps(fields)
        response = self.client.generic(
            method, f"/api/{path}", content, content_type, headers=self.headers
        )
        content = json.loads(response.content) if response.content else {}
        if response.status_code != 202:
            raise_for_status(response, [name for name in content if name != "detail"])
        return content


class GraphQL(Driver):
    name = "GraphQL"

    def __init__(self):
        super().__init__()
        self.access = None

    def log_in(self, email, password=PASSWORD):
        """Get a token by REST, which is the only way to one."""
        rest = Rest()
        rest.log_in(email, password)
        self.access = rest.access

    def sign_up(self, email, invitation=None):
        fields = {"email": email, "invitation": invitation}
        return self.mutate("register", "activation", **fields)["activation"]

    def activate(self, token, password=PASSWORD, username=None, **more):
        self.mutate("activate", token=token, password=password, username=username, **more)

    def change_password(self, current=PASSWORD, new=OTHER):
        given = {"currentPassword": current, "newPassword": new}
        self.access = self.mutate("changePassword", "access", **given)["access"]

    def me(self):
        me = self.execute("query { me { email username displayName bio } }")["me"]
        if me is None:
            raise NotAuthenticated
        return {snake(name): value for name, value in me.items()}

    def update_profile(self, **changes):
        if "display_name" in changes:
            changes["displayName"] = changes.pop("display_name")
        self.mutate("updateProfile", "me { email }", **changes)
        return self.me()

    def mails(self):
        me = self.execute("query { me { emailNotifications timeZone } }")["me"]
        if me is None:
            raise NotAuthenticated
        return {snake(name): value for name, value in me.items()}

    def choose_mails(self, **changes):
        names = {"email_notifications": "emailNotifications", "time_zone": "timeZone"}
        changed = {names[name]: value for name, value in changes.items()}
        self.mutate("updateProfile", "me { email }", **changed)
        return self.mails()

    def set_avatar(self, picture):
        query = """mutation ($file: Upload!) {
            setAvatar(avatar: $file) { errors { code field retryAfter } } }"""
        operation = json.dumps({"query": query, "variables": {"file": None}})
        form = {"operations": operation, "map": '{"0": ["variables.file"]}', "0": picture}
        for error in self.send(data=form)["setAvatar"]["errors"]:
            raise exception_for(error, [error])

    def remove_avatar(self):
        self.mutate("removeAvatar")

    def own_data(self):
        data = self.execute("query { ownData { imageBytes imageBytesToday } }")["ownData"]
        return data["imageBytes"], data["imageBytesToday"]

    def request_archive(self):
        self.mutate("requestArchive")

    def download(self):
        rest = Rest()
        rest.access = self.access
        return rest.download()

    def avatar_of(self, username):
        query = "query ($u: String!) { user(username: $u) { avatar { url } } }"
        squares = self.execute(query, u=username)["user"]["avatar"]
        return squares and squares[1]["url"]

    def sessions(self):
        query = """query ($after: String) { sessions(after: $after) {
            nodes: edges { node { id current } } pageInfo { hasNextPage endCursor } } }"""
        found, after, more = {}, None, True
        while more:
            page = self.execute(query, after=after)["sessions"]
            found |= {edge["node"]["id"]: edge["node"]["current"] for edge in page["nodes"]}
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        return found

    def end_session(self, id):
        self.mutate("endSession", id=id)

    def end_all_sessions(self):
        self.mutate("endAllSessions")

    def make_token(self, **fields):
        query = """mutation ($name: String!, $scopes: [String!]!, $days: Int) {
            made: createPersonalToken(name: $name, scopes: $scopes, days: $days) {
                token errors { code field retryAfter } } }"""
        made = self.execute(query, **fields)["made"]
        for error in made["errors"]:
            raise exception_for(error, made["errors"])
        return made["token"]

    def tokens(self):
        found = self.execute("query { personalTokens { id name scopes } }")["personalTokens"]
        return {one["id"]: (one["name"], ", ".join(one["scopes"])) for one in found}

    def end_token(self, id):
        self.mutate("endPersonalToken", id=id)

    def programs(self):
        query = "query { allowedApplications { id name scopes lastUsedOn } }"
        found = self.execute(query)["allowedApplications"]
        return {one["id"]: (one["name"], ", ".join(one["scopes"])) for one in found}

    def end_program(self, id):
        self.mutate("endAllowedApplication", id=id)

    def person(self, username):
        query = "query ($u: String!) { user(username: $u) { username displayName bio dateJoined } }"
        person = self.execute(query, u=username)["user"]
        return person["displayName"], json.dumps(person)

    def search(self, q):
        found = self.execute("query ($q: String!) { users(q: $q) { username } }", q=q)["users"]
        return [one["username"] for one in found]

    def members(self, after=None):
        query = """query ($after: String) { members(first: 2, after: $after) {
            edges { node { username } } pageInfo { hasNextPage endCursor } } }"""
        page = self.execute(query, after=after)["members"]
        info = page["pageInfo"]
        names = [edge["node"]["username"] for edge in page["edges"]]
        return names, info["hasNextPage"] and info["endCursor"]

    def mutate(self, field, selected="", **given):
        given = {name: value for name, value in given.items() if value is not None}
        needed = {"email", "token", "password", "currentPassword", "newPassword"}
        kinds = {
            name: "ID!" if name == "id" else "String" + "!" * (name in needed) for name in given
        }
        declared = ", ".join(f"${name}: {kind}" for name, kind in kinds.items())
        passed = ", ".join(f"{name}: ${name}" for name in given)
        selected += " errors { code field retryAfter }"
        declared, passed = (f"({text})" if text else "" for text in (declared, passed))
        query = f"mutation {declared} {{ {field}{passed} {{ {selected} }} }}"
        payload = self.execute(query, **given)[field]
        for error in payload["errors"]:
            raise exception_for(error, payload["errors"])
        return payload

    def execute(self, query, **variables):
        sent = json.dumps({"query": query, "variables": variables})
        return self.send(data=sent, content_type="application/json")

    def send(self, **options):
        headers = {"Authorization": f"Bearer {self.access}"} if self.access else {}
        response = self.client.post("/graphql/", headers=headers, **options)
        content = json.loads(response.content)
        for error in content.get("errors", ()):
            raise exception_for(error["extensions"], [error["extensions"]])
        return content["data"]


def exception_for(error, errors):
    match error["code"]:
        case "INVALID":
            return Invalid([snake(one["field"]) for one in errors if one.get("field")])
        case "RATE_LIMITED":
            return RateLimited(error["retryAfter"])
        case "NOT_FOUND":
            return NotFound()
        case "FORBIDDEN":
            return Forbidden()
    return NotAuthenticated()


DRIVERS = [Pages, Rest, GraphQL]
