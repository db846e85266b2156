"""Who may join, through every interface, and the invitations by which people do."""

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from tests.accounts.drivers import PASSWORD
from tests.contract.drivers import soup
from tests.contract.exceptions import Forbidden, Invalid
from ublog.accounts import inviting, tasks
from ublog.accounts.invitations import Invitation
from ublog.accounts.models import CustomUser, Mail
from ublog.core import site_settings
from ublog.core.models import SiteSettings

DORA, EMIL = "dora@example.org", "emil@example.org"


@pytest.fixture(autouse=True)
def by_the_row(settings, db):
    """No variable overrules the settings; a site that sends mails, unless the test says other."""
    settings.WHO_MAY_JOIN = ""
    settings.MAIL_DIR = None


@pytest.fixture
def site():
    """A function that stores settings of the site."""

    def change(**fields):
        SiteSettings.objects.all().delete()
        site_settings.forget()
        return SiteSettings.objects.create(**fields)

    return change


@pytest.fixture
def invite(staff):
    return lambda **options: inviting.invite(by=staff, **options)


# -- Who may join ------------------------------------------------------------------------------


def test_nobody_joins_a_new_site_without_an_invitation(interface, rejected):
    with rejected(Invalid):
        interface().sign_up(DORA)
    assert not Mail.objects.exists()


def test_nobody_joins_a_closed_site(interface, site, invite, rejected, link):
    site(who_may_join="open")
    interface().sign_up(DORA)
    token, invitation = link(), invite().token
    site(who_may_join="closed")
    for attempt in (
        lambda: interface().sign_up(EMIL),
        lambda: interface().sign_up(EMIL, invitation),
        lambda: interface().activate(token),
    ):
        with rejected(Forbidden):
            attempt()
    assert not Mail.objects.exists()


def test_an_invitation_for_an_address_lets_nobody_else_join(interface, invite, rejected, link):
    token = invite(email=" Dora@EXAMPLE.org ").token
    with rejected(Invalid) as error:
        interface().sign_up(EMIL, token)
    assert error.value.fields == {"email"}
    interface().sign_up(DORA, token)
    interface().activate(link())
    assert Invitation.objects.get().used == 1


def test_a_link_of_an_open_site_is_not_enough_once_an_invitation_is_needed(
    interface, site, link, rejected
):
    site(who_may_join="open")
    interface().sign_up(DORA)
    token = link()
    site(who_may_join="invitation")
    with rejected(Invalid):
        interface().activate(token)


def test_somebody_joins_by_an_invitation_and_proves_the_address(interface, invite, link):
    invitation = invite()
    assert interface().sign_up(DORA, invitation.token) is None
    interface().activate(link(), PASSWORD, "dora")
    interface().log_in(DORA)
    invitation.refresh_from_db()
    assert invitation.used == 1


def test_without_smtp_an_invitation_activates_by_itself(interface, invite, settings, tmp_path):
    settings.MAIL_DIR = tmp_path
    token = interface().sign_up(DORA, invite().token)
    assert not Mail.objects.exists()
    interface().activate(token, PASSWORD, "dora")
    interface().log_in(DORA)


def test_without_smtp_nobody_learns_whether_an_address_has_an_account(
    interface, carol, invite, settings, tmp_path, rejected
):
    settings.MAIL_DIR = tmp_path
    token = interface().sign_up(carol.email, invite().token)
    with rejected(Invalid):
        interface().activate(token)


def used_up(invitation):
    Invitation.objects.filter(pk=invitation.pk).update(used=1)


def expired(invitation):
    Invitation.objects.filter(pk=invitation.pk).update(expires_on=timezone.now())


def ended(invitation):
    inviting.end_invitation(by=invitation.created_by, pk=invitation.pk)


def its_author_was_deactivated(invitation):
    CustomUser.objects.filter(pk=invitation.created_by_id).update(is_active=False)


def it_sets_up_a_site(invitation):
    Invitation.objects.filter(pk=invitation.pk).update(makes_administrator=True)


@pytest.mark.parametrize(
    "happens", [used_up, expired, ended, its_author_was_deactivated, it_sets_up_a_site]
)
def test_an_invitation_that_cannot_be_used_opens_nothing(
    interface, invite, link, rejected, happens
):
    invitation = invite()
    interface().sign_up(DORA, invitation.token)
    token = link()
    happens(invitation)
    with rejected(Invalid):
        interface().sign_up(EMIL, invitation.token)
    with rejected(Invalid):
        interface().activate(token)
    page = Client().get(f"/accounts/join/{invitation.token}/")
    assert page.status_code == 400
    assert "used already, has expired, or is not complete" in soup(page).text


@pytest.mark.parametrize("token", ["x", "x.y", "é.é", "." * 4_000])
def test_a_forged_invitation_opens_nothing(interface, rejected, token):
    with rejected(Invalid):
        interface().sign_up(DORA, token)


def test_an_invitation_lets_as_many_people_in_as_it_says(interface, invite, link, no_limits):
    invitation = invite(uses=2)
    tokens = []
    for name in ("dora", "emil", "fred"):
        interface().sign_up(f"{name}@example.org", invitation.token)
        tokens.append(link())
    for token in tokens[:2]:
        interface().activate(token)
    with pytest.raises(Invalid):
        interface().activate(tokens[2])
    assert CustomUser.objects.filter(is_staff=False).count() == 2


def test_only_allowed_domains_join(interface, site, rejected, post_box):
    site(who_may_join="open", allowed_domains="example.org, bücher.example")
    for email in ("dora@example.org", "dora@BÜCHER.example", "dora@xn--bcher-kva.example"):
        interface().sign_up(email)
    for email in ("dora@sub.example.org", "dora@example.org.example", "dora@example.com"):
        with rejected(Invalid) as error:
            interface().sign_up(email)
        assert error.value.fields == {"email"}


def test_the_page_to_sign_up_says_who_may_join(site):
    def page():
        return soup(Client().get("/accounts/register/"))

    site(who_may_join="invitation")
    assert "by invitation" in page().main.text
    assert page().select_one("main form") is None
    site(who_may_join="closed")
    assert "takes no new members" in page().main.text
    assert page().select_one("header a.btn[href$='/register/']") is None
    site(who_may_join="open")
    assert page().select_one("main form [name=email]")


# -- Who may invite ----------------------------------------------------------------------------


def test_moderators_invite_and_members_where_the_site_lets_them(site, alice, staff):
    with pytest.raises(PermissionDenied):
        inviting.invite(by=alice)
    assert inviting.invite(by=staff).uses == 1
    site(who_may_invite="members")
    mine = inviting.invite(by=alice)
    assert inviting.list_invitations(by=alice) == [mine]
    assert len(inviting.list_invitations(by=staff)) == 2


def test_members_end_their_own_invitations_and_moderators_all(site, alice, bob, staff):
    site(who_may_invite="members")
    first, second = inviting.invite(by=alice), inviting.invite(by=alice)
    with pytest.raises(Invitation.DoesNotExist):
        inviting.end_invitation(by=bob, pk=first.pk)
    inviting.end_invitation(by=alice, pk=first.pk)
    inviting.end_invitation(by=staff, pk=second.pk)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("wrong", [{"uses": 0}, {"uses": 501}, {"days": 0}, {"days": 91}])
def test_an_invitation_has_bounds(invite, wrong):
    with pytest.raises(ValidationError) as error:
        invite(**wrong)
    assert set(error.value.message_dict) == set(wrong)


def test_nobody_invites_to_a_closed_site(site, invite):
    site(who_may_join="closed")
    with pytest.raises(PermissionDenied):
        invite()


def test_a_moderator_makes_copies_and_ends_an_invitation_in_the_browser(staff):
    client = Client()
    client.force_login(staff)
    assert client.post("/accounts/invitations/", {"uses": "3", "days": "2"}).status_code == 302
    [shown] = soup(client.get("/accounts/invitations/")).select("li.invitation")
    url = shown.select_one("input[readonly]")["value"]
    assert url == Invitation.objects.get().url
    assert "0 of 3 used" in re.sub(r"\s+", " ", shown.text)
    assert Client().get(url.removeprefix("http://127.0.0.1:8000")).status_code == 200
    client.post(shown.form["action"])
    assert not Invitation.objects.exists()


def test_an_expired_invitation_is_deleted(invite):
    expired(invite())
    kept = invite()
    assert tasks.purge() == 1
    assert Invitation.objects.get() == kept
