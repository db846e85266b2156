"""The admin shows every model or says why not, and changes nothing past the actions."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.interfaces.test_admin import change, delete, moderator, office, send  # noqa: F401
from ublog.accounts import applications
from ublog.accounts.blocks import Block
from ublog.accounts.former_usernames import FormerUsername
from ublog.accounts.models import Application, CustomUser, Mail
from ublog.accounts.moderation_log import LogEntry
from ublog.blog import actions, report_actions
from ublog.blog.archives import Archive
from ublog.blog.models import PostMark
from ublog.blog.notifications import Notification
from ublog.core.models import SiteSettings

MARKS = PostMark.__subclasses__()
# What an administrator may do there. Each of them is held by a test here or in test_admin.py.
RIGHTS = {
    "core.sitesettings": {"add", "change"},  # the one row
    "core.requestlog": set(),
    "core.outboxentry": {"delete"},  # what was given up, which can be retried, too
    "core.heartbeat": {"delete"},  # of workers that are gone
    "accounts.customuser": {"add", "change", "delete"},
    "accounts.application": {"change"},  # needed for its two actions: no field can be edited
    "accounts.logentry": set(),
    "accounts.block": set(),
    "accounts.formerusername": set(),
    "accounts.invitation": set(),
    "blog.post": {"add", "change", "delete"},
    **{mark._meta.label_lower: {"delete"} for mark in MARKS},
    "blog.report": set(),
    "blog.cleanup": set(),
    "blog.notification": set(),
    "blog.archive": set(),
}
NOT_SHOWN = {
    "core.taskcount": "figures for /metrics",
    "accounts.personaltoken": "secrets of users, who see and end them in their settings",
    "accounts.tokenfamily": "sessions of users, who see and end them in their settings",
    "accounts.mail": "it has links that let in; mails that failed are in the outbox",
    "blog.mute": "whom somebody does not want to see is nobody else's business",
    "blog.publishkey": "hashes, for a day",
    "blog.postnetwork": "hashes, for a week; what moderators do with them is in the queue",
    "blog.upload": "pictures of posts that nobody has published yet",
    "blog.posttag": "derived from the text of posts",
    "blog.postmention": "derived from the text of posts",
}
READ_ONLY = [label for label, rights in RIGHTS.items() if label[:4] != "core" and not rights]


def models():
    for name in ("core", "accounts", "blog"):
        yield from apps.get_app_config(name).get_models()


def test_every_model_is_in_the_admin_or_there_is_a_reason():
    registered = {model._meta.label_lower for model in models() if admin.site.is_registered(model)}
    assert registered == RIGHTS.keys()
    assert {model._meta.label_lower for model in models()} - registered == NOT_SHOWN.keys()


def test_an_administrator_may_do_no_more_than_the_table_says(staff):
    request = RequestFactory().get("/admin/")
    request.user = staff
    found = {
        label: {
            right
            for right in ("add", "change", "delete")
            if getattr(admin.site.get_model_admin(model), f"has_{right}_permission")(request)
        }
        for label in RIGHTS
        for model in [apps.get_model(label)]
    }
    assert found == RIGHTS


@pytest.fixture
def used(office, alice, bob, post, staff):  # noqa: F811
    """A site on which each model that is only looked at has a row."""
    one = post(alice)
    actions.like(post_id=one.pk, by=bob)
    report_actions.report(post_id=one.pk, by=bob, reason="Rude")
    Archive.objects.create(user=alice, name="secret-name.zip")
    FormerUsername.objects.reserve("ally", alice)
    Block.objects.create(
        kind="domain", value="spam.example", label="spam.example", created_by=staff
    )
    apps.get_model("accounts.invitation").objects.create(
        created_by=staff, expires_on=one.created_on, key="secret-key"
    )
    apps.get_model("blog.cleanup").objects.create(by=staff, label="@alice", total=1)
    LogEntry(by=staff, by_name="sam", action="hide", target=f"post {one.pk}").save()


@pytest.mark.parametrize("label", READ_ONLY)
def test_what_is_only_looked_at_is_listed_opened_and_searched(office, used, label):  # noqa: F811
    model, name = apps.get_model(label), label.replace(".", "_")
    row = model.objects.first()
    listed = office.get(reverse(f"admin:{name}_changelist"), {"q": ""})
    url = reverse(f"admin:{name}_change", args=[row.pk])
    assert url in listed.content.decode()
    opened = office.get(url)
    assert "secret" not in listed.content.decode() + opened.content.decode()
    assert 'name="_save"' not in opened.content.decode()
    assert office.get(reverse(f"admin:{name}_changelist"), {"q": "alice"}).status_code == 200
    before = list(model.objects.values())
    assert office.post(url, {"user": 1}).status_code == 403
    assert office.post(url.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert office.post(reverse(f"admin:{name}_add"), {"user": 1}).status_code == 403
    delete(office, name, [row], post="yes")
    assert list(model.objects.values()) == before


# -- Nothing bypasses an action ------------------------------------------------------------------


def test_who_is_mentioned_in_the_admin_is_notified(office, alice, bob):  # noqa: F811
    assert send(office, reverse("admin:blog_post_add"), body="Hello @alice").status_code == 302
    assert list(Notification.objects.values_list("user__username", "kind")) == [
        ("alice", "mention")
    ]
    url = reverse("admin:blog_post_change", args=[Notification.objects.get().post_id])
    assert send(office, url, body="Hello @alice and @bob").status_code == 302
    assert set(Notification.objects.values_list("user__username", flat=True)) == {"alice", "bob"}


@pytest.mark.parametrize("selected", [True, False])
def test_a_like_deleted_in_the_admin_is_taken_back(office, alice, bob, post, selected):  # noqa: F811
    liked = post(alice)
    for mark in MARKS:
        getattr(actions, mark.LIMIT)(post_id=liked.pk, by=bob)
        row, name = mark.objects.get(), f"blog_{mark._meta.model_name}"
        if selected:
            delete(office, name, [row], post="yes")
        else:
            office.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"})
        assert not mark.objects.exists()
    assert Notification.objects.get().taken_back


@pytest.mark.parametrize("mark", MARKS)
def test_nobody_likes_in_the_name_of_others(office, alice, bob, post, mark):  # noqa: F811
    url = reverse(f"admin:blog_{mark._meta.model_name}_add")
    assert office.get(url).status_code == 403
    assert office.post(url, {"post": post(alice).pk, mark.USER: bob.pk}).status_code == 403
    assert not mark.objects.exists()


@pytest.mark.parametrize("selected", [True, False])
def test_a_deleted_account_is_in_the_log_and_its_owner_gets_a_mail(
    office,  # noqa: F811
    alice,
    post,
    selected,
):
    kept = post(alice)
    if selected:
        delete(office, "accounts_customuser", [alice], post="yes")
    else:
        url = reverse("admin:accounts_customuser_delete", args=[alice.pk])
        office.post(url, {"post": "yes"})
    assert not CustomUser.objects.filter(username="alice").exists()
    kept.refresh_from_db()
    assert kept.created_by is None
    entry = LogEntry.objects.get()
    assert (entry.by_name, entry.action, entry.target) == ("sam", "delete", "@alice")
    assert list(Mail.objects.values_list("kind", "to")) == [("deleted", "alice@example.org")]


def test_what_staff_edits_of_an_account_is_in_the_log(office, alice):  # noqa: F811
    assert change(office, alice, is_active="on").status_code == 302
    assert not LogEntry.objects.exists()
    assert change(office, alice, is_active="on", bio="Mended").status_code == 302
    entry = LogEntry.objects.get()
    assert (entry.action, entry.target) == ("edit", "@alice")


def test_an_applicant_joins_by_a_decision_and_not_by_a_box(office, person):  # noqa: F811
    dora = person("dora", is_active=False)
    applications.apply(dora, "I row, too")
    assert change(office, dora, is_active="on", bio="New").status_code == 302
    assert (dora.is_active, dora.bio) == (False, "New")
    assert Application.objects.count() == 1


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("dora@spam.example", "People do not join this site with an address of this domain."),
        ("dora@example.com", "People join this site with an address of example.org"),
    ],
)
def test_an_address_that_may_not_join_is_not_added(office, email, message):  # noqa: F811
    SiteSettings(allowed_domains="example.org, spam.example").save()
    Block.objects.create(kind="domain", value="spam.example", label="spam.example")
    password = dict.fromkeys(("password1", "password2"), "correct horse 7")
    url = reverse("admin:accounts_customuser_add")
    response = send(office, url, email=email, username="dora", usable_password="true", **password)
    assert message in re.sub(r"\s+", " ", response.content.decode())
    assert not CustomUser.objects.filter(username="dora").exists()


def test_a_colour_that_cannot_be_read_is_not_taken(office):  # noqa: F811
    SiteSettings(name="Club").save()
    url = reverse("admin:core_sitesettings_change", args=[1])
    assert "too light" in send(office, url, colour="#ffffff").content.decode()
    assert SiteSettings.objects.get().colour == ""
    assert send(office, url, colour="#0a7d4b").status_code == 302
    assert SiteSettings.objects.get().colour == "#0a7d4b"


def test_only_administrators_change_the_settings_there(moderator, person):  # noqa: F811
    SiteSettings(name="Club").save()
    one = CustomUser.objects.get(username="mo")
    one.user_permissions.add(
        *one.user_permissions.model.objects.filter(content_type__app_label="core")
    )
    client = Client()
    client.force_login(one)
    url = reverse("admin:core_sitesettings_change", args=[1])
    assert client.get(url).status_code == 200
    assert client.post(url, {"name": "Mine"}).status_code == 403
    assert SiteSettings.objects.get().name == "Club"
