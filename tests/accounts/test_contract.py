"""The account contract: each behaviour through every door that offers it."""

from contextlib import suppress

import pytest
from django.conf import settings
from django.core import mail

from tests.accounts.drivers import DOORS, OTHER, PASSWORD, Pages, Rest
from tests.contract.drivers import Invalid, NotAuthenticated, NotFound, RateLimited
from ublog import settings as site
from ublog.accounts.models import CustomUser, Mail, RefreshFamily
from ublog.blog.models import Post

DORA = "dora@example.org"


# -- Joining ---------------------------------------------------------------------------------


def test_someone_signs_up_activates_and_signs_in(door, db, link):
    door().sign_up(DORA)
    assert not CustomUser.objects.exists(), "nothing is stored before the address is proven"
    browser = door()
    with pytest.raises(NotAuthenticated):
        browser.sign_in(DORA)
    assert mail.outbox == []
    door().activate(link(), PASSWORD, "dora")
    browser.sign_in(DORA)
    assert browser.me() == {"email": DORA, "username": "dora", "display_name": "", "bio": ""}


def test_an_account_is_activated_once(door, db, link, refused):
    door().sign_up(DORA)
    token = link()
    door().activate(token)
    with refused(Invalid):
        door().activate(token, OTHER, "another")
    door().sign_in(DORA, PASSWORD)


def test_a_username_that_is_not_given_is_made_from_nothing_private(door, db, link):
    door().sign_up("very.private@secret.example")
    door().activate(link())
    [user] = CustomUser.objects.all()
    assert "private" not in user.username
    assert "secret" not in user.username


@pytest.mark.parametrize(
    "email", ["nonsense", "a@b", "", "two@at@example.org", "x" * 300 + "@x.org"]
)
def test_what_is_no_address_is_refused(door, db, refused, email):
    with refused(Invalid) as error:
        door().sign_up(email)
    assert error.value.fields == {"email"}
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"username": "not a name"}, "username"),
        ({"username": "x" * 31}, "username"),
        ({"username": "carol"}, "username"),
        ({"username": "CAROL"}, "username"),
        ({"username": "admin"}, "username"),
        ({"password": "short"}, "password"),
        ({"password": "password1"}, "password"),
        ({"password": "dora@example.org"}, "password"),
        ({"password": "x" * 257}, "password"),
    ],
)
def test_what_is_not_acceptable_is_refused_by_field(door, carol, link, refused, fields, wrong):
    """B7: the validators hold on every path; and the link is not used up."""
    door().sign_up(DORA)
    token = link()
    with refused(Invalid) as error:
        door().activate(token, **({"password": PASSWORD, "username": "dora"} | fields))
    assert error.value.fields == {wrong}
    door().activate(token, PASSWORD, "dora")


@pytest.mark.parametrize(
    "password", ["ключ от квартиры", "  spaces count  ", "🔑🔑🔑🔑🔑🔑🔑🔑", "p" * 128 + "w" * 128]
)
def test_a_password_is_any_text(door, db, link, password):
    """B7: any Unicode, up to 256 characters."""
    door().sign_up(DORA)
    door().activate(link(), password)
    door().sign_in(DORA, password)
    with pytest.raises(NotAuthenticated):
        door().sign_in(DORA, password.strip() + "x")


def test_b7_passwords_are_kept_by_argon2():
    """Read from the site's settings: the tests' own hasher is a quick one."""
    assert site.PASSWORD_HASHERS[0] == "ublog.accounts.hashers.Argon2PasswordHasher"


def test_b8_a_second_sign_up_changes_nothing_for_the_first(door, db, link, post_box):
    """Somebody who knows the address, or a double click, kills no link and chooses no password."""
    door().sign_up(DORA)
    first = link()
    for other in DOORS:
        with suppress(RateLimited):
            other().sign_up(DORA)
    second = link()
    door().activate(first, PASSWORD, "dora")
    with pytest.raises(Invalid):
        door().activate(second, OTHER, "other")
    door().sign_in(DORA, PASSWORD)
    assert CustomUser.objects.get().username == "dora"


def test_b8_the_second_link_works_too(door, db, link):
    door().sign_up(DORA)
    first = link()
    door().sign_up(DORA)
    door().activate(link(), PASSWORD, "dora")
    with pytest.raises(Invalid):
        door().activate(first, OTHER, "other")
    door().sign_in(DORA, PASSWORD)


def test_b8_who_signs_up_claims_no_username(door, db, link, post_box):
    """B12: nothing about an account, not even that it waits, shows in what becomes of a name."""
    door().sign_up("somebody@example.org")
    theirs = link()
    door().sign_up(DORA)
    door().activate(link(), PASSWORD, "dora")
    with pytest.raises(Invalid) as error:
        door().activate(theirs, PASSWORD, "dora")
    assert error.value.fields == {"username"}


def test_the_owner_of_an_account_is_told_by_mail(door, carol, post_box):
    door().sign_up(carol.email)
    [sent] = post_box()
    assert sent.to == [carol.email]
    assert "You have an account already" in sent.subject
    assert "/activate/" not in sent.body


def test_b5_staff_has_the_last_word(door, db, link, post_box, no_limits):
    """Neither an old link nor a new one opens an account that staff has closed."""
    door().sign_up(DORA)
    old = link()
    door().sign_up(DORA)
    spare = link()
    door().activate(old)
    CustomUser.objects.update(is_active=False)
    for token in (old, spare):
        with pytest.raises(Invalid):
            door().activate(token)
    sent = len(post_box())
    for ask in (door().sign_up, Rest().ask_for_reset):
        ask(DORA)
    assert len(post_box()) == sent
    with pytest.raises(NotAuthenticated):
        door().sign_in(DORA)


@pytest.mark.parametrize("name", ["Admin", "ADM1N", "r00t", "moderator_", "_security_2", "staffs"])
def test_a_new_username_does_not_sound_like_staff(door, carol, link, refused, name):
    door().sign_up(DORA)
    browser = door()
    browser.sign_in(carol.email)
    token = link()
    for choose in (
        lambda: door().activate(token, PASSWORD, name),
        lambda: browser.update_profile(username=name),
    ):
        with refused(Invalid) as error:
            choose()
        assert error.value.fields == {"username"}


def test_a_username_that_sounds_like_staff_stays(door, carol):
    CustomUser.objects.update(username="admin")
    browser = door()
    browser.sign_in(carol.email)
    assert browser.update_profile(username="admin", bio="Here since")["bio"] == "Here since"
    assert browser.update_profile(username="Admin")["username"] == "Admin"


def test_staff_may_be_called_so(door, staff, carol):
    CustomUser.objects.filter(pk=carol.pk).update(is_staff=True)
    browser = door()
    browser.sign_in(carol.email)
    assert browser.update_profile(username="moderator")["username"] == "moderator"


# -- B9: one mailbox is one account ------------------------------------------------------------

SAME = ["DORA@BÜCHER.example", "dora@bu\u0308cher.example", "dora@xn--bcher-kva.example"]
SAME += ["dora@bü\u00adcher.example", "do\u200bra@bücher.example", "\ufeffdora@bücher.example "]
SAME += ["dora＠bücher.example", "dora@bücher。example", '"dora"@bücher.example']


@pytest.mark.parametrize("email", SAME)
def test_b9_one_mailbox_is_one_account(door, db, link, post_box, email):
    door().sign_up(email)
    door().activate(link(), PASSWORD, "dora")
    assert CustomUser.objects.get().email == "dora@xn--bcher-kva.example"
    assert post_box()[-1].to == ["dora@xn--bcher-kva.example"]
    door().sign_up("dora@bücher.example")
    assert "You have an account already" in post_box()[-1].subject
    for written in ("dora@bücher.example", email):
        door().sign_in(written)


def test_b9_and_one_budget_of_mails(door, db):
    for email in SAME[:3]:
        door().sign_up(email)
    for email in SAME[3:]:
        with pytest.raises(RateLimited):
            door().sign_up(email)


def test_b9_and_one_budget_of_guesses(door, db):
    for email in SAME[:5]:
        with pytest.raises(NotAuthenticated):
            door().sign_in(email)
    for email in SAME[5:]:
        with pytest.raises(RateLimited):
            door().sign_in(email)


def test_b9_accounts_that_share_a_mailbox_can_log_in(door, carol, alice):
    """An earlier release let both sign up."""
    alice.set_password(OTHER)
    alice.save()
    CustomUser.objects.filter(pk=carol.pk).update(email="me@xn--bcher-kva.example")
    CustomUser.objects.filter(pk=alice.pk).update(email="me@bücher.example")
    for email, password, name in (
        ("me@xn--bcher-kva.example", PASSWORD, "carol"),
        ("ME@bücher.example", OTHER, "alice"),
    ):
        browser = door()
        browser.sign_in(email, password)
        assert browser.me()["username"] == name
        assert browser.update_profile(bio="Still here")["bio"] == "Still here"


@pytest.mark.offers("ask_for_email")
def test_b9_a_new_address_has_its_normal_form_too(door, carol, link):
    browser = door()
    browser.sign_in(carol.email)
    browser.ask_for_email(SAME[0])
    door().confirm_email(link())
    door().sign_in(SAME[2])
    assert CustomUser.objects.get().email == SAME[2]


# -- B14: names --------------------------------------------------------------------------------

BROKEN = [
    "Carol\nC.",
    "Carol\tC.",
    "Carol\u2028C.",
    "\u202eloraC",
    "\u2067Carol\u2069",
    "Carol\x85C.",
]


@pytest.mark.parametrize("name", BROKEN)
def test_b14_a_name_is_one_line_and_turns_nothing(door, carol, refused, name):
    browser = door()
    browser.sign_in(carol.email)
    with refused(Invalid) as error:
        browser.update_profile(display_name=name)
    assert error.value.fields == {"display_name"}


@pytest.mark.parametrize("name", ["عبد الله", "a\u200eb", "👩‍👩‍👧", "O’Neill – Ltd."])
def test_b14_names_of_all_tongues_stay_possible(door, carol, name):
    browser = door()
    browser.sign_in(carol.email)
    assert browser.update_profile(display_name=name)["display_name"] == name


@pytest.mark.parametrize("name", BROKEN[2:5])
def test_b14_an_existing_name_does_not_block_other_changes(door, carol, name):
    CustomUser.objects.update(display_name=name)
    browser = door()
    browser.sign_in(carol.email)
    shown = browser.update_profile(display_name=name, bio="Something else")
    assert (shown["display_name"], shown["bio"]) == (name, "Something else")


# -- Coming and going --------------------------------------------------------------------------


@pytest.mark.offers("sign_in", "sign_out")
def test_who_signs_in_and_out_is_out(door, carol):
    browser = door()
    browser.sign_in(carol.email)
    assert browser.me()["username"] == "carol"
    browser.sign_out()
    with pytest.raises(NotAuthenticated):
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
        with pytest.raises(NotAuthenticated):
            browser.me()
    with pytest.raises(NotAuthenticated):
        app.refresh()
    with pytest.raises(NotAuthenticated):
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
    with pytest.raises(Invalid) as error:
        browser.change_password(current, new)
    assert error.value.fields == {wrong}
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
    with pytest.raises(NotAuthenticated):
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
    with pytest.raises(NotAuthenticated):
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
    with refused(Invalid) as error:
        browser.update_profile(**{field: value})
    assert error.value.fields == {field}


def test_a_stranger_has_no_profile_to_change(door, carol):
    with pytest.raises(NotAuthenticated):
        door().update_profile(bio="Mine")
    with pytest.raises(NotAuthenticated):
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
        with pytest.raises(NotAuthenticated):
            gone.me()
    with pytest.raises(NotAuthenticated):
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
        with pytest.raises(NotAuthenticated):
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
        with pytest.raises(NotAuthenticated):
            browser.me()
    with pytest.raises(NotAuthenticated):
        browsers[2].refresh()
