"""C8: who may do what: RIGHTS is written by hand, each actor does each verb on each interface.

One test for each interface and actor goes through all verbs and reports all differences at once.
An applicant cannot log in, not even with the right password, which then says why: so what an
applicant does is done by the browser or program to which that was said, and it is what an anonymous
user may do.
"""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction

from tests.contract import exceptions
from tests.contract.drivers import MARK_VERBS, GraphQL, Pages
from tests.contract.verbs import VERBS
from ublog.accounts import suspension
from ublog.accounts.backends import NOT_APPROVED
from ublog.accounts.models import Application
from ublog.accounts.moderation_log import LogEntry
from ublog.blog import moderation
from ublog.blog.models import Post
from ublog.blog.states import PostState

PASSWORD = "correct horse battery"
YES, LOGIN, NO = "yes", "must log in", "forbidden"
ACTORS = [
    *("anonymous", "applicant", "member", "author", "moderator", "administrator", "suspended")
]
ERRORS = {
    exceptions.NotAuthenticated: LOGIN,
    exceptions.Forbidden: NO,
    exceptions.Invalid: "invalid",
}

EVERYBODY = (YES,) * 7
# In the order of ACTORS. A suspended author of the post is one who must log in.
MEMBERS = (LOGIN, LOGIN, YES, YES, YES, YES, LOGIN)
THE_AUTHOR = (LOGIN, LOGIN, NO, YES, NO, NO, LOGIN)
AUTHOR_OR_MODERATOR = (LOGIN, LOGIN, NO, YES, YES, YES, LOGIN)
ALL_BUT_THE_AUTHOR = (LOGIN, LOGIN, YES, "invalid", YES, YES, LOGIN)
MODERATORS = (LOGIN, LOGIN, NO, NO, YES, YES, LOGIN)
ADMINISTRATORS = (LOGIN, LOGIN, NO, NO, NO, YES, LOGIN)
# A session that is over is nobody's: a page takes the post as an anonymous one, where those may be
# published; an access token says whose it would be.
PUBLISHING = (YES, YES, YES, YES, YES, YES, LOGIN)

RIGHTS = {
    "list": EVERYBODY,
    "search": EVERYBODY,
    "read": EVERYBODY,
    "list the replies": EVERYBODY,
    "list the ancestors": EVERYBODY,
    "list the likes": EVERYBODY,
    "publish": PUBLISHING,
    "reply": PUBLISHING,
    "publish an image": PUBLISHING,
    "edit": THE_AUTHOR,
    "change the image": THE_AUTHOR,
    "delete": AUTHOR_OR_MODERATOR,
    **dict.fromkeys(MARK_VERBS, MEMBERS),
    "report": ALL_BUT_THE_AUTHOR,
    "list unpublished posts": MEMBERS,
    "list notifications": MEMBERS,
    "count unread": MEMBERS,
    "mark as read": MEMBERS,
    # What moderators do, at one place for each of pages, REST and GraphQL.
    "look at the queue": MODERATORS,
    "look at the log": MODERATORS,
    "look at what is blocked": MODERATORS,
    "hide a post": MODERATORS,
    "show a hidden post": MODERATORS,
    "approve a held post": MODERATORS,
    "delete a post as a moderator": MODERATORS,
    "dismiss reports": MODERATORS,
    "let an applicant join": MODERATORS,
    "reject an applicant": MODERATORS,
    "suspend a member": MODERATORS,
    "lift a suspension": MODERATORS,
    "end the sessions of a member": MODERATORS,
    "delete all posts of a member": MODERATORS,
    "block a domain": MODERATORS,
    "suspend a moderator": ADMINISTRATORS,
    "suspend an administrator": ADMINISTRATORS,
    "end the sessions of an administrator": ADMINISTRATORS,
    "suspend oneself": (LOGIN, LOGIN, NO, NO, NO, NO, LOGIN),
}


@dataclass
class Duty:
    """Something that moderators do, as a request of each kind of interface."""

    page: str
    rest: str
    graphql: str
    sent: dict[str, Any] = field(default_factory=dict)
    reads: bool = False

    def act(self, driver):
        if isinstance(driver, GraphQL):
            return self.by_graphql(driver)
        if isinstance(driver, Pages):
            url = f"/moderation/{self.page}"
            if self.reads:
                response = driver.get(url)
                assert response.status_code in (200, 403)
                if response.status_code == 403:
                    raise exceptions.Forbidden
                return response
            return driver.post(url, {"csrfmiddlewaretoken": driver.token()} | self.sent)
        url = f"/api/moderation/{self.rest}"
        if self.reads:
            return driver.send("GET", url)
        data = {"data": json.dumps(self.sent), "content_type": "application/json"}
        return driver.send("POST", url, **data)

    def by_graphql(self, driver):
        if self.reads:
            return driver.send({"query": f"{{{self.graphql}}}", "variables": {}})
        document = f"mutation{{made: {self.graphql}{{done errors{{code field retryAfter}}}}}}"
        payload = driver.send({"query": document, "variables": {}})["made"]
        if payload["errors"]:
            from_errors = exceptions_of(payload["errors"])
            raise from_errors
        return payload


def exceptions_of(errors):
    code = errors[0]["code"]
    kinds = {"FORBIDDEN": exceptions.Forbidden, "UNAUTHENTICATED": exceptions.NotAuthenticated}
    return kinds.get(code, AssertionError)(errors)


def about_post(action, post):
    document = f"moderatePost(id: {post.pk}, action: {action})"
    return Duty(f"posts/{post.pk}/", f"posts/{post.pk}/", document, {"action": action})


def about_user(action, user):
    document = f'moderateUser(username: "{user}", action: {action})'
    return Duty(f"users/{user}/", f"users/{user}/", document, {"action": action})


def about_application(action, application):
    url = f"applications/{application.pk}/"
    document = f"moderateApplication(id: {application.pk}, action: {action})"
    return Duty(url, url, document, {"action": action})


def send_right_password(driver, user):
    """Log in as somebody who waits for an approval, and see that the site says so."""
    if isinstance(driver, Pages):
        fields = {"username": user.email, "password": PASSWORD}
        fields["csrfmiddlewaretoken"] = driver.token()
        response = driver.client.post("/accounts/login/", fields)
    else:
        fields = {"email": user.email, "password": PASSWORD}
        response = driver.client.post("/api/auth/token/", fields, "application/json")
    assert response.status_code in (400, 403)
    assert NOT_APPROVED in response.content.decode()


@pytest.fixture
def people(person):
    """A user for each of ACTORS but anonymous ones, and others to whom something is done."""
    made = {name: person(name) for name in ("member", "author", "suspended", "target")}
    made["applicant"] = person("applicant", password=PASSWORD, is_active=False)
    Application.objects.create(user=made["applicant"], reason="I row, too")
    made["moderator"] = person("moderator", is_staff=True)
    made["administrator"] = person("administrator", is_staff=True, is_superuser=True)
    made["other moderator"] = person("mona", is_staff=True)
    made["other administrator"] = person("ada", is_staff=True, is_superuser=True)
    return made


@pytest.fixture
def duties(people, post):
    """What moderators do, by the names in RIGHTS; `oneself` is filled in for each actor."""
    hidden = post(people["target"], state=PostState.HIDDEN)
    held = post(people["target"], state=PostState.HELD)
    shown, target = post(people["target"]), people["target"]
    return {
        "look at the queue": Duty("", "queue/", "moderationQueue{edges{cursor}}", reads=True),
        "look at the log": Duty("log/", "log/", "moderationLog{edges{cursor}}", reads=True),
        "look at what is blocked": Duty("blocks/", "blocks/", "blocks{id}", reads=True),
        "hide a post": about_post("hide", shown),
        "show a hidden post": about_post("unhide", hidden),
        "approve a held post": about_post("approve", held),
        "delete a post as a moderator": about_post("delete", shown),
        "dismiss reports": about_post("dismiss", shown),
        "let an applicant join": about_application("approve", people["applicant"].application),
        "reject an applicant": about_application("reject", people["applicant"].application),
        "suspend a member": about_user("suspend", target),
        "lift a suspension": about_user("lift", target),
        "end the sessions of a member": about_user("end_sessions", target),
        "delete all posts of a member": about_user("delete_posts", target),
        "block a domain": Duty(
            "blocks/", "blocks/", 'block(domain: "spam.example")', {"domain": "spam.example"}
        ),
        "suspend a moderator": about_user("suspend", people["other moderator"]),
        "suspend an administrator": about_user("suspend", people["other administrator"]),
        "end the sessions of an administrator": about_user(
            "end_sessions", people["other administrator"]
        ),
    }


def outcome(act) -> str:
    """Do it in a transaction that is rolled back, and return what came of it."""
    try:
        with transaction.atomic():
            try:
                act()
                return YES
            except tuple(ERRORS) as error:
                return next(text for kind, text in ERRORS.items() if isinstance(error, kind))
            finally:
                transaction.set_rollback(True)
    except exceptions.DriverError as error:
        return repr(error)


@pytest.mark.parametrize("actor", ACTORS)
def test_everybody_may_do_what_the_table_says(
    interface, actor, people, duties, post, decoded, no_limits
):
    one = post(people["suspended" if actor == "suspended" else "author"], "tea")
    driver = interface(None if actor == "applicant" else people.get(actor))
    driver.token()
    if actor == "applicant":
        send_right_password(driver, people[actor])
    if actor == "suspended":
        suspension.suspend(username="suspended", by=people["administrator"])
    if actor in people:
        duties["suspend oneself"] = about_user("suspend", people[actor])
    else:
        duties["suspend oneself"] = about_user("suspend", people["member"])
    acts = {verb.name: lambda verb=verb: verb.act(driver, one.pk) for verb in VERBS}
    acts |= {name: lambda duty=duty: duty.act(driver) for name, duty in duties.items()}
    assert acts.keys() == RIGHTS.keys()
    if not interface.moderates:
        acts = {verb.name: acts[verb.name] for verb in VERBS if verb.name not in interface.lacks}
    stored = (Post.objects.count(), LogEntry.objects.count())
    found = {name: outcome(act) for name, act in acts.items()}
    expected = {name: RIGHTS[name][ACTORS.index(actor)] for name in acts}
    if actor == "suspended" and issubclass(interface, Pages):
        # The session is over, so the page takes what anybody may publish.
        expected |= dict.fromkeys(("publish", "reply", "publish an image"), YES)
    assert {
        name: (found[name], expected[name]) for name in acts if found[name] != expected[name]
    } == {}
    assert stored == (Post.objects.count(), LogEntry.objects.count())


def test_the_table_has_every_action_of_moderators():
    """Those that concern networks follow from a post: see tests/domain/test_cleaning_up.py."""
    networks = {name for name in moderation.POST_ACTIONS if "network" in name}
    assert moderation.POST_ACTIONS.keys() - networks == {
        *("hide", "unhide", "approve", "delete", "dismiss")
    }
    assert moderation.APPLICATION_ACTIONS.keys() == {"approve", "reject"}
    assert moderation.USER_ACTIONS.keys() == {
        *("suspend", "lift", "end_sessions", "dismiss", "delete_posts", "delete_posts_and_suspend")
    }
