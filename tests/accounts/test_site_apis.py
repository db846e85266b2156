"""The settings of the site, invitations and what a user mutes, through REST and GraphQL."""

import json

import pytest
from django.test import Client

from tests.contract.exceptions import Forbidden, Invalid, NotAuthenticated, NotFound
from tests.tokens import bearer
from ublog.accounts.invitations import Invitation
from ublog.blog import actions, mute_actions
from ublog.core.models import SiteSettings
from ublog.interfaces.rest.site import SiteSettingsSerializer

SETTINGS = "name whoMayJoin whoMayInvite overruled { field variable }"
INVITATION = "id url email createdBy uses used"
ERRORS = "errors { code field }"
RAISED = {"UNAUTHENTICATED": NotAuthenticated, "FORBIDDEN": Forbidden, "NOT_FOUND": NotFound}
BY_STATUS = {401: NotAuthenticated, 403: Forbidden, 404: NotFound}


class Rest:
    def __init__(self, user):
        self.headers = bearer(user) if user else {}

    def ask(self, method, path, data=None):
        body = "" if data is None else json.dumps(data)
        response = Client().generic(
            method, f"/api/{path}", body, "application/json", headers=self.headers
        )
        if response.status_code == 400:
            raise Invalid(set(response.json()))
        if response.status_code in BY_STATUS:
            raise BY_STATUS[response.status_code]
        assert response.status_code in (200, 201, 204)
        return response.json() if response.content else None

    def site(self):
        return self.ask("GET", "site/")

    def change(self, **fields):
        return self.ask("PATCH", "site/", fields)

    def invitations(self):
        return self.ask("GET", "invitations/")["results"]

    def invite(self, **fields):
        return self.ask("POST", "invitations/", fields)

    def end(self, pk):
        self.ask("DELETE", f"invitations/{pk}/")

    def mutes(self):
        found = self.ask("GET", "mutes/")["results"]
        return [(one["user"] and one["user"]["username"], one["text"]) for one in found]


class GraphQL:
    def __init__(self, user):
        self.headers = bearer(user) if user else {}

    def ask(self, document):
        response = Client().post(
            "/graphql/", {"query": document}, "application/json", headers=self.headers
        )
        content = response.json()
        errors = [error["extensions"] for error in content.get("errors", ())]
        result = next(iter((content.get("data") or {}).values()), None) or {}
        if isinstance(result, dict):
            errors += result.get("errors", ())
        if errors:
            fields = {error.get("field") for error in errors}
            raise RAISED[errors[0]["code"]] if errors[0]["code"] in RAISED else Invalid(fields)
        return result

    def mutate(self, name, fields, wanted):
        arguments = ", ".join(f"{field}: {json.dumps(value)}" for field, value in fields.items())
        call = f"{name}({arguments})" if arguments else name
        return self.ask(f"mutation {{ {call} {{ {wanted} {ERRORS} }} }}")

    def as_rest(self, found):
        overruled = {one["field"]: one["variable"] for one in found["overruled"]}
        return {
            "name": found["name"],
            "who_may_join": found["whoMayJoin"],
            "who_may_invite": found["whoMayInvite"],
            "overruled": overruled,
        }

    def site(self):
        return self.as_rest(self.ask(f"{{ siteSettings {{ {SETTINGS} }} }}"))

    def change(self, **fields):
        camel = {"who_may_join": "whoMayJoin", "who_may_invite": "whoMayInvite"}
        sent = {camel.get(name, name): value for name, value in fields.items()}
        wanted = f"siteSettings {{ {SETTINGS} }}"
        return self.as_rest(self.mutate("updateSiteSettings", sent, wanted)["siteSettings"])

    def invitations(self):
        return self.ask(f"{{ invitations {{ {INVITATION} }} }}") or []

    def invite(self, **fields):
        return self.mutate("createInvitation", fields, f"invitation {{ {INVITATION} }}")[
            "invitation"
        ]

    def end(self, pk):
        self.mutate("endInvitation", {"id": str(pk)}, "endedId")

    def mutes(self):
        found = self.ask("{ mutes { user { username } conversation text } }") or []
        return [(one["user"] and one["user"]["username"], one["text"]) for one in found]


@pytest.fixture(params=[Rest, GraphQL], ids=["REST", "GraphQL"])
def api(request, db, settings):
    """A function that lets a user act through the interface; no variable overrules the settings."""
    settings.WHO_MAY_JOIN = settings.ANONYMOUS_POSTS = settings.SITE_NAME = ""
    return request.param


def test_an_administrator_changes_a_setting_and_the_others_stay(api, staff):
    assert api(staff).change(name="The Rowing Club")["name"] == "The Rowing Club"
    found = api(staff).change(who_may_join="open")
    assert (found["name"], found["who_may_join"]) == ("The Rowing Club", "open")
    assert api(staff).site()["overruled"] == {}


def test_only_an_administrator_reads_and_changes_the_settings(api, person):
    moderator = person("moderator_m", is_staff=True)
    for user, error in ((None, NotAuthenticated), (moderator, Forbidden)):
        with pytest.raises(error):
            api(user).site()
        with pytest.raises(error):
            api(user).change(name="Mine")
    assert not SiteSettings.objects.exists()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"name": " "}, "name"), ({"name": "x" * 51}, "name"), ({"who_may_join": "cats"}, "join")],
)
def test_what_is_not_acceptable_is_rejected_and_nothing_changes(api, staff, fields, wrong):
    with pytest.raises(Invalid) as raised:
        api(staff).change(who_may_invite="members", **fields)
    assert wrong in next(iter(raised.value.fields)).lower()
    assert not SiteSettings.objects.exists()


def test_what_a_variable_decides_is_named_and_cannot_be_changed(api, staff, settings):
    settings.SITE_NAME = "By variable"
    found = api(staff).site()
    assert (found["name"], found["overruled"]) == ("By variable", {"name": "UBLOG_SITE_NAME"})
    with pytest.raises(Invalid):
        api(staff).change(name="Other", who_may_join="open")
    assert not SiteSettings.objects.exists()


def test_a_new_setting_is_in_both_interfaces_by_its_name_in_one_list(staff, db):
    changes = set(SiteSettingsSerializer.Meta.fields) - {"overruled"}
    document = '{ __type(name: "SiteSettings") { fields { name } } }'
    names = {one["name"].lower() for one in GraphQL(staff).ask(document)["fields"]}
    assert {name.replace("_", "") for name in changes} == names - {"overruled"}


def test_a_moderator_makes_an_invitation_sees_it_and_ends_it(api, staff):
    made = api(staff).invite(uses=5, days=30)
    assert (made["uses"], made["used"], made["created_by" if api is Rest else "createdBy"]) == (
        *(5, 0),
        staff.username,
    )
    assert made["url"] == Invitation.objects.get().url
    assert [one["id"] for one in api(staff).invitations()] == [made["id"]]
    api(staff).end(made["id"])
    assert api(staff).invitations() == []
    with pytest.raises(NotFound):
        api(staff).end(made["id"])


def test_a_member_invites_where_the_settings_say_so_and_sees_only_their_own(api, staff, alice):
    for attempt in (api(alice).invite, api(alice).invitations):
        with pytest.raises(Forbidden):
            attempt()
    api(staff).change(who_may_invite="members")
    others = api(staff).invite()
    mine = api(alice).invite()
    assert [one["id"] for one in api(alice).invitations()] == [mine["id"]]
    with pytest.raises(NotFound):
        api(alice).end(others["id"])
    assert Invitation.objects.count() == 2


def test_an_invitation_may_be_for_one_address(api, staff):
    assert api(staff).invite(email="Dora@example.org")["email"] == "dora@example.org"
    assert api(staff).invite()["email"] == ""


def test_an_invitation_for_nobody_too_many_or_for_too_long_is_rejected(api, staff):
    for fields in ({"uses": 501}, {"days": 0}, {"email": "dora"}):
        with pytest.raises(Invalid) as raised:
            api(staff).invite(**fields)
        assert raised.value.fields == set(fields)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("pk", ["9" * 18, "9" * 30])
def test_no_invitation_has_an_id_of_another_kind(api, staff, pk):
    with pytest.raises(NotFound):
        api(staff).end(pk)


def test_a_user_lists_what_they_mute_and_nobody_else_does(api, alice, bob, charlie):
    first = actions.publish(by=charlie, body="About tea")
    reply = actions.publish(by=bob, body="And coffee", in_reply_to=first.pk)
    mute_actions.mute_user(username=bob.username, by=alice)
    mute_actions.mute(post_id=reply.pk, by=alice)
    assert api(alice).mutes() == [(None, "About tea"), ("bob", "")]
    assert api(bob).mutes() == []
    mute_actions.unmute_user(username=bob.username, by=alice)
    actions.delete(post_id=first.pk, by=charlie)
    assert api(alice).mutes() == [(None, "")]
    with pytest.raises(NotAuthenticated):
        api(None).mutes()


def test_the_list_of_mutes_takes_two_queries(alice, person, django_assert_num_queries):
    headers = bearer(alice)
    for number in range(5):
        mute_actions.mute_user(username=person(f"noisy_{number}").username, by=alice)
    with django_assert_num_queries(2):
        assert len(Client().get("/api/mutes/", headers=headers).json()["results"]) == 5
