"""The account contract: each behaviour through every door that offers it."""

import pytest
from django.conf import settings
from django.core import mail

from tests.accounts.drivers import OTHER, PASSWORD, Pages, Rest
from tests.contract.drivers import Invalid, LoginNeeded, NotFound
from ublog import settings as site
from ublog.accounts.models import CustomUser, RefreshFamily
from ublog.blog.models import Post

DORA = "dora@example.org"


# -- Joining ---------------------------------------------------------------------------------


def test_someone_signs_up_activates_and_signs_in(door, db, link):
    door().sign_up(DORA, PASSWORD, "dora")
    browser = door()
    with pytest.raises(LoginNeeded):
        browser.sign_in(DORA)
    assert mail.outbox == []
    Pages().activate(link())
    browser.sign_in(DORA)
    assert browser.me() == {"email": DORA, "username": "dora", "display_name": "", "bio": ""}


@pytest.mark.offers("activate")
def test_an_account_is_activated_once(door, db, link):
    door().sign_up(DORA)
    token = link()
    door().activate(token)
    with pytest.raises(Invalid):
        door().activate(token)


def test_a_username_that_is_not_given_is_made_from_nothing_private(door, db):
    door().sign_up("very.private@secret.example")
    [user] = CustomUser.objects.all()
    assert "private" not in user.username
    assert "secret" not in user.username


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "nonsense"}, "email"),
        ({"username": "not a name"}, "username"),
        ({"username": "carol"}, "username"),
        ({"username": "CAROL"}, "username"),
        ({"password": "short"}, "password"),
        ({"password": "password1"}, "password"),
        ({"password": "dora@example.org"}, "password"),
        ({"password": "x" * 257}, "password"),
    ],
)
def test_what_is_not_acceptable_is_refused_by_field(door, carol, refused, fields, wrong):
    """B7: the validators hold on every path."""
    with refused(Invalid) as refusal:
        door().sign_up(**({"email": DORA, "password": PASSWORD, "username": "dora"} | fields))
    assert refusal.value.fields == {wrong}


@pytest.mark.parametrize(
    "password", ["ключ от квартиры", "  spaces count  ", "🔑🔑🔑🔑🔑🔑🔑🔑", "p" * 128 + "w" * 128]
)
def test_a_password_is_any_text(door, db, link, password):
    """B7: any Unicode, up to 256 characters."""
    door().sign_up(DORA, password)
    Pages().activate(link())
    door().sign_in(DORA, password)
    with pytest.raises(LoginNeeded):
        door().sign_in(DORA, password.strip() + "x")


def test_b7_passwords_are_kept_by_argon2():
    """Read from the site's settings: the tests' own hasher is a quick one."""
    assert site.PASSWORD_HASHERS[0] == "ublog.accounts.hashers.Argon2PasswordHasher"


def test_the_second_of_two_sign_ups_counts(door, db, link, post_box):
    door().sign_up(DORA, PASSWORD, "first")
    first = link()
    door().sign_up(DORA, OTHER, "second")
    with pytest.raises(Invalid):
        Pages().activate(first)
    Pages().activate(link())
    door().sign_in(DORA, OTHER)
    assert CustomUser.objects.get().username == "second"


@pytest.mark.offers("resend")
def test_the_activation_mail_is_sent_again(door, db, link, post_box):
    door().sign_up(DORA)
    post_box()
    door().resend(DORA)
    assert len(post_box()) == 2
    door().activate(link())
    door().resend(DORA)
    assert len(post_box()) == 2, "an active account needs none"


@pytest.mark.offers("sign_in", "sign_out")
def test_who_signs_in_and_out_is_out(door, carol):
    browser = door()
    browser.sign_in(carol.email)
    assert browser.me()["username"] == "carol"
    browser.sign_out()
    with pytest.raises(LoginNeeded):
        browser.me()
    assert not RefreshFamily.objects.exists()


@pytest.mark.offers("refresh")
def test_who_stays_gets_a_new_token_each_time(door, carol):
    browser = door()
    browser.sign_in(carol.email)
    cookies = set()
    for _ in range(3):
        browser.refresh()
        cookies.add(browser.client.cookies[settings.REFRESH_COOKIE_NAME].value)
        assert browser.me()["username"] == "carol"
    assert len(cookies) == 3


# -- Passwords -------------------------------------------------------------------------------


@pytest.mark.offers("change_password")
def test_a_new_password_signs_everybody_else_out(door, carol, post_box):
    here, page, app = door(), Pages(), Rest()
    for browser in (here, page, app):
        browser.sign_in(carol.email)
    here.change_password(PASSWORD, OTHER)
    assert here.me()["username"] == "carol"
    for browser in (page, app):
        with pytest.raises(LoginNeeded):
            browser.me()
    with pytest.raises(LoginNeeded):
        app.refresh()
    with pytest.raises(LoginNeeded):
        door().sign_in(carol.email, PASSWORD)
    door().sign_in(carol.email, OTHER)
    assert [(sent.to, "password was changed" in sent.subject) for sent in post_box()] == [
        ([carol.email], True)
    ]


@pytest.mark.offers("change_password")
@pytest.mark.parametrize(
    ("current", "new", "wrong"),
    [("wrong", OTHER, "current_password"), (PASSWORD, "short", "new_password")],
)
def test_a_password_is_changed_by_its_owner_to_a_good_one(door, carol, current, new, wrong):
    browser = door()
    browser.sign_in(carol.email)
    with pytest.raises(Invalid) as refusal:
        browser.change_password(current, new)
    assert refusal.value.fields == {wrong}
    assert browser.me()
    door().sign_in(carol.email, PASSWORD)


@pytest.mark.offers("reset_password")
def test_a_forgotten_password_is_replaced_once(door, carol, link, post_box):
    old = Rest()
    old.sign_in(carol.email)
    door().ask_for_reset("CAROL@example.org")
    token = link()
    with pytest.raises(Invalid):
        door().reset_password(token, "short")
    door().reset_password(token, OTHER)
    with pytest.raises(Invalid):
        door().reset_password(token, PASSWORD)
    with pytest.raises(LoginNeeded):
        old.refresh()
    door().sign_in(carol.email, OTHER)
    assert "password was changed" in post_box()[-1].subject


@pytest.mark.offers("ask_for_reset")
def test_nobody_but_the_owner_of_an_account_gets_a_mail(door, carol, post_box):
    door().ask_for_reset("nobody@example.org")
    carol.is_active = False
    carol.save()
    door().ask_for_reset(carol.email)
    assert post_box() == []


# -- The account -----------------------------------------------------------------------------


@pytest.mark.offers("ask_for_email")
def test_a_new_address_counts_when_it_is_confirmed(door, carol, link, post_box):
    browser = door()
    browser.sign_in(carol.email)
    with pytest.raises(Invalid):
        browser.ask_for_email(DORA, "wrong")
    browser.ask_for_email(DORA)
    token = link()
    assert post_box()[-1].to == [DORA]
    assert browser.me()["email"] == carol.email
    door().confirm_email(token)
    with pytest.raises(LoginNeeded):
        browser.me()
    door().sign_in(DORA)
    assert post_box()[-1].to == ["carol@example.org"]
    with pytest.raises(Invalid):
        door().confirm_email(token)


@pytest.mark.offers("ask_for_email")
def test_the_address_of_another_is_not_taken_and_not_betrayed(door, carol, alice, link, post_box):
    browser = door()
    browser.sign_in(carol.email)
    browser.ask_for_email(alice.email)
    assert post_box() == []
    browser.ask_for_email(DORA)
    token = link()
    CustomUser.objects.filter(pk=alice.pk).update(email=DORA)
    with pytest.raises(Invalid):
        door().confirm_email(token)


def test_a_profile_is_changed_by_its_owner(door, carol):
    browser = door()
    browser.sign_in(carol.email)
    changes = {"username": "caro", "display_name": "Caro", "bio": "Line one"}
    shown = browser.update_profile(**changes)
    assert shown == {"email": carol.email, **changes}
    assert browser.update_profile(username="CARO")["username"] == "CARO"


@pytest.mark.parametrize(
    ("field", "value"),
    [("username", "alice"), ("username", "a b"), ("display_name", "x" * 51), ("bio", "x" * 281)],
)
def test_an_unacceptable_profile_is_refused(door, carol, alice, refused, field, value):
    browser = door()
    browser.sign_in(carol.email)
    with refused(Invalid) as refusal:
        browser.update_profile(**{field: value})
    assert refusal.value.fields == {field}


def test_a_stranger_has_no_profile_to_change(door, carol):
    with pytest.raises(LoginNeeded):
        door().update_profile(bio="Mine")
    with pytest.raises(LoginNeeded):
        door().me()


def test_others_see_the_public_part_and_nothing_private(door, carol):
    """C10."""
    shown, everything = door().person("CAROL")
    assert "Carol C." in shown
    assert carol.email not in everything
    with pytest.raises(NotFound):
        door().person("nobody")
    carol.is_active = False
    carol.save()
    with pytest.raises(NotFound):
        door().person("carol")


@pytest.mark.offers("delete_account")
@pytest.mark.parametrize(("posts", "left"), [("keep", [None]), ("delete", [])])
def test_an_account_is_deleted_with_or_without_its_posts(door, carol, post, post_box, posts, left):
    post(carol)
    browser, app = door(), Rest()
    browser.sign_in(carol.email)
    app.sign_in(carol.email)
    with pytest.raises(Invalid):
        browser.delete_account("wrong", posts)
    browser.delete_account(PASSWORD, posts)
    assert [one.created_by for one in Post.objects.all()] == left
    assert post_box()[-1].to == ["carol@example.org"]
    for gone in (browser, app):
        with pytest.raises(LoginNeeded):
            gone.me()
    with pytest.raises(LoginNeeded):
        door().sign_in("carol@example.org")


@pytest.mark.offers("sessions")
def test_sign_ins_are_listed_and_ended(door, carol):
    """A7."""
    here, page, app = door(), Pages(), Rest()
    for browser in (here, page, app):
        browser.sign_in(carol.email)
    assert list(here.sessions().values()).count(True) == 1
    assert len(here.sessions()) == 3
    others = [id for id, current in here.sessions().items() if not current]
    for id in others:
        here.end_session(id)
    for browser in (page, app):
        with pytest.raises(LoginNeeded):
            browser.me()
    assert list(here.sessions().values()) == [True]


@pytest.mark.offers("sessions")
def test_a_sign_in_of_another_is_not_ended(door, carol, person):
    dora = person("dora", password=PASSWORD)
    theirs, mine = Rest(), door()
    theirs.sign_in(dora.email)
    mine.sign_in(carol.email)
    [id] = theirs.sessions()
    with pytest.raises(NotFound):
        mine.end_session(id)
    assert theirs.me()


@pytest.mark.offers("sessions")
def test_someone_signs_out_everywhere(door, carol):
    """A7."""
    browsers = [door(), Pages(), Rest()]
    for browser in browsers:
        browser.sign_in(carol.email)
    browsers[0].end_all_sessions()
    for browser in browsers:
        with pytest.raises(LoginNeeded):
            browser.me()
    with pytest.raises(LoginNeeded):
        browsers[2].refresh()
