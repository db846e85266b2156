"""Joining a site on which moderators approve new members, through every interface."""

import pytest
from django.core import mail as outbox
from django.core.exceptions import PermissionDenied
from django.test import Client

from tests.accounts.drivers import PASSWORD
from tests.contract.drivers import inputs, soup
from tests.contract.exceptions import Invalid
from tests.tokens import bearer
from ublog.accounts import applications, inviting, tasks
from ublog.accounts.backends import LOGIN_FAILED, NOT_APPROVED
from ublog.accounts.models import Application, CustomUser, Mail
from ublog.accounts.moderation_log import LogEntry
from ublog.blog import queue
from ublog.core import site_settings
from ublog.core.exceptions import NotAuthenticated

DORA, EMIL = "dora@example.org", "emil@example.org"


@pytest.fixture(autouse=True)
def on_approval(settings, db):
    """A site that sends mails, unless the test says other."""
    settings.WHO_MAY_JOIN = "approval"
    settings.MAIL_DIR = None
    site_settings.forget()


@pytest.fixture
def apply(interface, link):
    """A function that signs somebody up and activates the account; return the application."""

    def send(email=DORA, username="dora", **options):
        interface().sign_up(email)
        interface().activate(link(), PASSWORD, username, **options)
        return Application.objects.get(user__email=email)

    return send


def messages_of_login(email, password):
    """Return what the page and REST say to this log-in."""
    page = Client().post("/accounts/login/", {"username": email, "password": password})
    json = {"email": email, "password": password}
    rest = Client().post("/api/auth/token/", json, "application/json")
    assert page.status_code == 400
    assert rest.status_code == (401 if LOGIN_FAILED in rest.json()["detail"] else 403)
    return soup(page).select_one("ul.errorlist").text, " ".join(map(str, rest.json().values()))


def test_an_applicant_logs_in_once_a_moderator_has_approved(interface, apply, staff, sent_to):
    application = apply()
    user = application.user
    assert not user.is_active
    for message in messages_of_login(DORA, PASSWORD):
        assert NOT_APPROVED in message
    assert [item.application for item in queue.page(staff).items] == [application]
    applications.approve(by=staff, pk=application.pk)
    interface().log_in(DORA)
    assert not Application.objects.exists()
    assert "Welcome to μblog" in sent_to(DORA)


def test_only_the_right_password_learns_that_an_account_waits(apply):
    apply()
    for message in messages_of_login(DORA, "wrong"):
        assert LOGIN_FAILED in message
        assert NOT_APPROVED not in message


def test_an_applicant_who_is_not_approved_is_gone_and_may_apply_again(apply, staff, sent_to):
    first = apply()
    applications.reject(by=staff, pk=first.pk)
    assert not CustomUser.objects.filter(email=DORA).exists()
    assert "Your application" in sent_to(DORA)
    assert apply().pk != first.pk


def test_an_invitation_needs_no_approval(interface, staff, link):
    interface().sign_up(DORA, inviting.invite(by=staff).token)
    interface().activate(link(), PASSWORD, "dora")
    interface().log_in(DORA)
    assert not Application.objects.exists()


def test_without_smtp_nobody_waits_for_a_mail(interface, settings, tmp_path, staff):
    settings.MAIL_DIR = tmp_path
    token = interface().sign_up(DORA)
    assert not Mail.objects.exists()
    interface().activate(token, PASSWORD, "dora")
    assert not CustomUser.objects.get(email=DORA).is_active
    applications.approve(by=staff, pk=Application.objects.get().pk)
    interface().log_in(DORA)


def test_signing_up_again_changes_nothing_for_who_waits(interface, apply, link):
    apply()
    interface().sign_up(DORA)
    tasks.purge()
    assert Application.objects.get().user.email == DORA


def test_an_applicant_says_why(interface, staff, link):
    interface().sign_up(DORA)
    interface().activate(link(), PASSWORD, "dora", reason="I row, too. <b>Please</b>")
    browser = Client()
    browser.force_login(staff)
    item = soup(browser.get("/moderation/")).select_one("[data-item^=application-]")
    assert item.select_one(".reason").text == "I row, too. <b>Please</b>"
    assert ("@dora" in item.text, DORA in item.text) == (True, True)


def test_a_reason_that_is_too_long_is_rejected(interface, link, rejected):
    interface().sign_up(DORA)
    token = link()
    for reason in ("x" * 281, "x" * 30_000):
        with rejected(Invalid) as error:
            interface().activate(token, PASSWORD, "dora", reason=reason)
        assert error.value.fields == {"reason"}
    assert not Application.objects.exists()


# -- Who decides ---------------------------------------------------------------------------------


@pytest.fixture
def waiting(person):
    user = person("dora", is_active=False)
    return Application.objects.create(user=user, reason="I row")


def test_only_moderators_decide(waiting, alice, rejected):
    for step in (applications.approve, applications.reject):
        with rejected(PermissionDenied):
            step(by=alice, pk=waiting.pk)
        with rejected(NotAuthenticated):
            step(by=waiting.user, pk=waiting.pk)


@pytest.mark.parametrize(("step", "left"), [("approve", True), ("reject", False)])
def test_a_moderator_decides_on_the_page_and_once(waiting, person, step, left):
    browser = Client()
    browser.force_login(person("moderator", is_staff=True))
    item = soup(browser.get("/moderation/")).select_one(f"[data-item=application-{waiting.pk}]")
    form = item.select_one("form")
    assert {button["value"] for button in form.select("button")} == {"approve", "reject"}
    sent = inputs(form) | {"action": step, "reason": "We know her"}
    assert browser.post(form["action"], sent).status_code == 302
    assert CustomUser.objects.filter(email=DORA, is_active=True).exists() == left
    assert browser.post(form["action"], sent).status_code == 404
    assert "Nothing to review" in soup(browser.get("/moderation/")).main.text
    assert Mail.objects.filter(to=DORA).count() == 1
    [entry] = LogEntry.objects.all()
    assert (entry.by_name, entry.action, entry.reason) == ("moderator", step, "We know her")
    assert entry.target == "the application of @dora"


@pytest.mark.parametrize(("step", "left"), [("approve", True), ("reject", False)])
def test_a_moderator_decides_in_rest_and_once(waiting, person, step, left):
    headers = bearer(person("moderator", is_staff=True))
    [item] = Client().get("/api/moderation/queue/", headers=headers).json()["results"]
    assert (item["kind"], item["user"]["username"], item["post"]) == ("application", "dora", None)
    assert item["application"] == {"id": waiting.pk, "email": DORA, "reason": "I row"}
    assert (item["can_dismiss"], item["can_suspend"]) == (False, False)
    url = f"/api/moderation/applications/{waiting.pk}/"
    for action, status in (("fly", 400), (step, 204), (step, 404)):
        sent = Client().post(url, {"action": action}, "application/json", headers=headers)
        assert sent.status_code == status
    assert CustomUser.objects.filter(email=DORA, is_active=True).exists() == left


@pytest.mark.parametrize(("step", "left"), [("approve", True), ("reject", False)])
def test_a_moderator_decides_in_graphql_and_once(waiting, person, step, left):
    headers = bearer(person("moderator", is_staff=True))

    def send(document):
        data = {"query": document}
        return Client().post("/graphql/", data, "application/json", headers=headers).json()["data"]

    item = "kind user{username} post{id} application{id email reason}"
    [edge] = send(f"{{moderationQueue{{edges{{node{{{item}}}}}}}}}")["moderationQueue"]["edges"]
    id = edge["node"]["application"]["id"]
    assert edge["node"] == {
        "kind": "application",
        "user": {"username": "dora"},
        "post": None,
        "application": {"id": f"application-{waiting.pk}", "email": DORA, "reason": "I row"},
    }
    for codes in ([], ["NOT_FOUND"]):
        sent = f'moderateApplication(id: "{id}", action: {step}){{errors{{code}}}}'
        payload = send(f"mutation{{{sent}}}")["moderateApplication"]
        assert [error["code"] for error in payload["errors"]] == codes
    assert CustomUser.objects.filter(email=DORA, is_active=True).exists() == left


@pytest.mark.parametrize(("step", "left"), [("approve", True), ("reject", False)])
def test_a_moderator_decides_in_the_admin(waiting, staff, step, left):
    browser = Client()
    browser.force_login(staff)
    fields = {"action": step, "_selected_action": [waiting.pk]}
    assert browser.post("/admin/accounts/application/", fields).status_code == 302
    assert CustomUser.objects.filter(email=DORA, is_active=True).exists() == left
    assert browser.get("/admin/accounts/application/add/").status_code == 403


def test_the_page_to_sign_up_says_that_a_moderator_approves():
    page = soup(Client().get("/accounts/register/"))
    assert "A moderator approves new members" in page.main.text
    assert page.select_one("main form [name=email]")


@pytest.fixture
def sent_to():
    """A function that sends what waits, and returns the subjects of the mails to an address."""

    def read(address):
        for row in Mail.objects.order_by("pk"):
            tasks.send_mail(row.pk)
        return [one.subject for one in outbox.outbox if address in one.to]

    return read
