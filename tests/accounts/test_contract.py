"""The contract of accounts: each behaviour through every interface that offers it."""

from contextlib import suppress

import pytest
from django.conf import settings
from django.core import mail

from tests.accounts.drivers import DRIVERS, OTHER, PASSWORD, Pages, Rest
from tests.contract.drivers import Invalid, NotAuthenticated, NotFound, RateLimited
from ublog import settings as site
from ublog.accounts.models import CustomUser, Mail, TokenFamily
from ublog.blog.models import Post

DORA = "dora@example.org"


# -- Joining ---------------------------------------------------------------------------------


def test_someone_signs_up_activates_and_logs_in(interface, db, link):
    interface().sign_up(DORA)
    assert not CustomUser.objects.exists(), "nothing is stored before the address is proven"
    browser = interface()
    with pytest.raises(NotAuthenticated):
        browser.log_in(DORA)
    assert mail.outbox == []
    interface().activate(link(), PASSWORD, "dora")
    browser.log_in(DORA)
    assert browser.me() == {"email": DORA, "username": "dora", "display_name": "", "bio": ""}


def test_an_account_is_activated_once(interface, db, link, rejected):
    interface().sign_up(DORA)
    token = link()
    interface().activate(token)
    with rejected(Invalid):
        interface().activate(token, OTHER, "another")
    interface().log_in(DORA, PASSWORD)


def test_a_username_that_is_not_given_is_made_from_nothing_private(interface, db, link):
    interface().sign_up("very.private@secret.example")
    interface().activate(link())
    [user] = CustomUser.objects.all()
    assert "private" not in user.username
    assert "secret" not in user.username


@pytest.mark.parametrize(
    "email", ["nonsense", "a@b", "", "two@at@example.org", "x" * 300 + "@x.org"]
)
def test_what_is_no_address_is_rejected(interface, db, rejected, email):
    with rejected(Invalid) as error:
        interface().sign_up(email)
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
def test_what_is_not_acceptable_is_rejected_by_field(
    interface, carol, link, rejected, fields, wrong
):
    """B7: the validators hold on every path; and the link is not used up."""
    interface().sign_up(DORA)
    token = link()
    with rejected(Invalid) as error:
        interface().activate(token, **({"password": PASSWORD, "username": "dora"} | fields))
    assert error.value.fields == {wrong}
    interface().activate(token, PASSWORD, "dora")


@pytest.mark.parametrize(
    "password", ["ключ от квартиры", "  spaces count  ", "🔑🔑🔑🔑🔑🔑🔑🔑", "p" * 128 + "w" * 128]
)
def test_a_password_is_any_text(interface, db, link, password):
    """B7: any Unicode, up to 256 characters."""
    interface().sign_up(DORA)
    interface().activate(link(), password)
    interface().log_in(DORA, password)
    with pytest.raises(NotAuthenticated):
        interface().log_in(DORA, password.strip() + "x")


def test_b7_passwords_are_kept_by_argon2():
    """Read from the site's settings: the tests' own hasher is a quick one."""
    assert site.PASSWORD_HASHERS[0] == "ublog.accounts.hashers.Argon2PasswordHasher"


def test_b8_a_second_sign_up_changes_nothing_for_the_first(interface, db, link, post_box):
    """Somebody who knows the address, or a double click, kills no link and chooses no password."""
    interface().sign_up(DORA)
    first = link()
    for other in DRIVERS:
        with suppress(RateLimited):
            other().sign_up(DORA)
    second = link()
    interface().activate(first, PASSWORD, "dora")
    with pytest.raises(Invalid):
        interface().activate(second, OTHER, "other")
    interface().log_in(DORA, PASSWORD)
    assert CustomUser.objects.get().username == "dora"


def test_b8_the_second_link_works_too(interface, db, link):
    interface().sign_up(DORA)
    first = link()
    interface().sign_up(DORA)
    interface().activate(link(), PASSWORD, "dora")
    with pytest.raises(Invalid):
        interface().activate(first, OTHER, "other")
    interface().log_in(DORA, PASSWORD)


def test_b8_who_signs_up_claims_no_username(interface, db, link, post_box):
    """B12: nothing about an account, not even that it waits, shows in what becomes of a name."""
    interface().sign_up("somebody@example.org")
    theirs = link()
    interface().sign_up(DORA)
    interface().activate(link(), PASSWORD, "dora")
    with pytest.raises(Invalid) as error:
        interface().activate(theirs, PASSWORD, "dora")
    assert error.value.fields == {"username"}


def test_the_owner_of_an_account_gets_a_mail(interface, carol, post_box):
    interface().sign_up(carol.email)
    [sent] = post_box()
    assert sent.to == [carol.email]
    assert "You have an account already" in sent.subject
    assert "/activate/" not in sent.body


def test_b5_staff_has_the_last_word(interface, db, link, post_box, no_limits):
    """Neither an old link nor a new one opens an account that staff has closed."""
    interface().sign_up(DORA)
    old = link()
    interface().sign_up(DORA)
    spare = link()
    interface().activate(old)
    CustomUser.objects.update(is_active=False)
    for token in (old, spare):
        with pytest.raises(Invalid):
            interface().activate(token)
    sent = len(post_box())
    for ask in (interface().sign_up, Rest().ask_for_reset):
        ask(DORA)
    assert len(post_box()) == sent
    with pytest.raises(NotAuthenticated):
        interface().log_in(DORA)


@pytest.mark.parametrize("name", ["Admin", "ADM1N", "r00t", "moderator_", "_security_2", "staffs"])
def test_a_new_username_does_not_sound_like_staff(interface, carol, link, rejected, name):
    interface().sign_up(DORA)
    browser = interface()
    browser.log_in(carol.email)
    token = link()
    for choose in (
        lambda: interface().activate(token, PASSWORD, name),
        lambda: browser.update_profile(username=name),
    ):
        with rejected(Invalid) as error:
            choose()
        assert error.value.fields == {"username"}


def test_a_username_that_sounds_like_staff_stays(interface, carol):
    CustomUser.objects.update(username="admin")
    browser = interface()
    browser.log_in(carol.email)
    assert browser.update_profile(username="admin", bio="Here since")["bio"] == "Here since"
    assert browser.update_profile(username="Admin")["username"] == "Admin"


def test_staff_may_be_called_so(interface, staff, carol):
    CustomUser.objects.filter(pk=carol.pk).update(is_staff=True)
    browser = interface()
    browser.log_in(carol.email)
    assert browser.update_profile(username="moderator")["username"] == "moderator"


# -- B9: one mailbox is one account ------------------------------------------------------------

SAME = ["DORA@BÜCHER.example", "dora@bu\u0308cher.example", "dora@xn--bcher-kva.example"]
SAME += ["dora@bü\u00adcher.example", "do\u200bra@bücher.example", "\ufeffdora@bücher.example "]
SAME += ["dora＠bücher.example", "dora@bücher。example", '"dora"@bücher.example']


@pytest.mark.parametrize("email", SAME)
def test_b9_one_mailbox_is_one_account(interface, db, link, post_box, email):
    interface().sign_up(email)
    interface().activate(link(), PASSWORD, "dora")
    assert CustomUser.objects.get().email == "dora@xn--bcher-kva.example"
    assert post_box()[-1].to == ["dora@xn--bcher-kva.example"]
    interface().sign_up("dora@bücher.example")
    assert "You have an account already" in post_box()[-1].subject
    for written in ("dora@bücher.example", email):
        interface().log_in(written)


def test_b9_and_one_budget_of_mails(interface, db):
    for email in SAME[:3]:
        interface().sign_up(email)
    for email in SAME[3:]:
        with pytest.raises(RateLimited):
            interface().sign_up(email)


def test_b9_and_one_budget_of_guesses(interface, db):
    for email in SAME[:5]:
        with pytest.raises(NotAuthenticated):
            interface().log_in(email)
    for email in SAME[5:]:
        with pytest.raises(RateLimited):
            interface().log_in(email)


def test_b9_accounts_that_share_a_mailbox_can_log_in(interface, carol, alice):
    """An earlier release let both sign up."""
    alice.set_password(OTHER)
    alice.save()
    CustomUser.objects.filter(pk=carol.pk).update(email="me@xn--bcher-kva.example")
    CustomUser.objects.filter(pk=alice.pk).update(email="me@bücher.example")
    for email, password, name in (
        ("me@xn--bcher-kva.example", PASSWORD, "carol"),
        ("ME@bücher.example", OTHER, "alice"),
    ):
        browser = interface()
        browser.log_in(email, password)
        assert browser.me()["username"] == name
        assert browser.update_profile(bio="Still here")["bio"] == "Still here"


@pytest.mark.offers("ask_for_email")
def test_b9_a_new_address_has_its_normal_form_too(interface, carol, link):
    browser = interface()
    browser.log_in(carol.email)
    browser.ask_for_email(SAME[0])
    interface().confirm_email(link())
    interface().log_in(SAME[2])
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
def test_b14_a_name_is_one_line_and_turns_nothing(interface, carol, rejected, name):
    browser = interface()
    browser.log_in(carol.email)
    with rejected(Invalid) as error:
        browser.update_profile(display_name=name)
    assert error.value.fields == {"display_name"}


@pytest.mark.parametrize("name", ["عبد الله", "a\u200eb", "👩‍👩‍👧", "O’Neill – Ltd."])
def test_b14_names_of_all_tongues_stay_possible(interface, carol, name):
    browser = interface()
    browser.log_in(carol.email)
    assert browser.update_profile(display_name=name)["display_name"] == name


@pytest.mark.parametrize("name", BROKEN[2:5])
def test_b14_an_existing_name_does_not_block_other_changes(interface, carol, name):
    CustomUser.objects.update(display_name=name)
    browser = interface()
    browser.log_in(carol.email)
    shown = browser.update_profile(display_name=name, bio="Something else")
    assert (shown["display_name"], shown["bio"]) == (name, "Something else")


# -- Coming and going --------------------------------------------------------------------------


@pytest.mark.offers("log_in", "log_out")
def test_who_logs_in_and_out_is_out(interface, carol):
    browser = interface()
    browser.log_in(carol.email)
    assert browser.me()["username"] == "carol"
    browser.log_out()
    with pytest.raises(NotAuthenticated):
        browser.me()
    assert not TokenFamily.objects.exists()


@pytest.mark.offers("refresh")
def test_who_stays_gets_a_new_token_each_time(interface, carol):
    browser = interface()
    browser.log_in(carol.email)
    cookies = set()
    for _ in range(3):
        browser.refresh()
        cookies.add(browser.client.cookies[settings.REFRESH_COOKIE_NAME].value)
        assert browser.me()["username"] == "carol"
    assert len(cookies) == 3


# -- Passwords -------------------------------------------------------------------------------


@pytest.mark.offers("change_password")
def test_a_new_password_logs_everybody_else_out(interface, carol, post_box):
    here, page, app = interface(), Pages(), Rest()
    for browser in (here, page, app):
        browser.log_in(carol.email)
    here.change_password(PASSWORD, OTHER)
    assert here.me()["username"] == "carol"
    for browser in (page, app):
        with pytest.raises(NotAuthenticated):
            browser.me()
    with pytest.raises(NotAuthenticated):
        app.refresh()
    with pytest.raises(NotAuthenticated):
        interface().log_in(carol.email, PASSWORD)
    interface().log_in(carol.email, OTHER)
    assert [(sent.to, "password was changed" in sent.subject) for sent in post_box()] == [
        ([carol.email], True)
    ]


@pytest.mark.offers("change_password")
@pytest.mark.parametrize(
    ("current", "new", "wrong"),
    [("wrong", OTHER, "current_password"), (PASSWORD, "short", "new_password")],
)
def test_a_password_is_changed_by_its_owner_to_a_good_one(interface, carol, current, new, wrong):
    browser = interface()
    browser.log_in(carol.email)
    with pytest.raises(Invalid) as error:
        browser.change_password(current, new)
    assert error.value.fields == {wrong}
    assert browser.me()
    interface().log_in(carol.email, PASSWORD)


@pytest.mark.offers("reset_password")
def test_a_forgotten_password_is_replaced_once(interface, carol, link, post_box):
    old = Rest()
    old.log_in(carol.email)
    interface().ask_for_reset("CAROL@example.org")
    token = link()
    with pytest.raises(Invalid):
        interface().reset_password(token, "short")
    interface().reset_password(token, OTHER)
    with pytest.raises(Invalid):
        interface().reset_password(token, PASSWORD)
    with pytest.raises(NotAuthenticated):
        old.refresh()
    interface().log_in(carol.email, OTHER)
    assert "password was changed" in post_box()[-1].subject


@pytest.mark.offers("ask_for_reset")
def test_nobody_but_the_owner_of_an_account_gets_a_mail(interface, carol, post_box):
    interface().ask_for_reset("nobody@example.org")
    carol.is_active = False
    carol.save()
    interface().ask_for_reset(carol.email)
    assert post_box() == []


# -- The account -----------------------------------------------------------------------------


@pytest.mark.offers("ask_for_email")
def test_a_new_address_counts_when_it_is_confirmed(interface, carol, link, post_box):
    browser = interface()
    browser.log_in(carol.email)
    with pytest.raises(Invalid):
        browser.ask_for_email(DORA, "wrong")
    browser.ask_for_email(DORA)
    token = link()
    assert post_box()[-1].to == [DORA]
    assert browser.me()["email"] == carol.email
    interface().confirm_email(token)
    with pytest.raises(NotAuthenticated):
        browser.me()
    interface().log_in(DORA)
    assert post_box()[-1].to == ["carol@example.org"]
    with pytest.raises(Invalid):
        interface().confirm_email(token)


@pytest.mark.offers("ask_for_email")
def test_the_address_of_another_is_not_taken_and_not_betrayed(
    interface, carol, alice, link, post_box
):
    browser = interface()
    browser.log_in(carol.email)
    browser.ask_for_email(alice.email)
    assert post_box() == []
    browser.ask_for_email(DORA)
    token = link()
    CustomUser.objects.filter(pk=alice.pk).update(email=DORA)
    with pytest.raises(Invalid):
        interface().confirm_email(token)


def test_a_profile_is_changed_by_its_owner(interface, carol):
    browser = interface()
    browser.log_in(carol.email)
    changes = {"username": "caro", "display_name": "Caro", "bio": "Line one"}
    shown = browser.update_profile(**changes)
    assert shown == {"email": carol.email, **changes}
    assert browser.update_profile(username="CARO")["username"] == "CARO"


@pytest.mark.parametrize(
    ("field", "value"),
    [("username", "alice"), ("username", "a b"), ("display_name", "x" * 51), ("bio", "x" * 281)],
)
def test_an_unacceptable_profile_is_rejected(interface, carol, alice, rejected, field, value):
    browser = interface()
    browser.log_in(carol.email)
    with rejected(Invalid) as error:
        browser.update_profile(**{field: value})
    assert error.value.fields == {field}


def test_a_user_chooses_when_mails_of_notifications_come(interface, carol):
    browser = interface()
    browser.log_in(carol.email)
    assert browser.mails() == {"email_notifications": "daily", "time_zone": "UTC"}
    for choice in ("immediate", "off", "daily"):
        assert browser.choose_mails(email_notifications=choice)["email_notifications"] == choice
    shown = browser.choose_mails(time_zone="America/Argentina/Ushuaia")
    assert shown == {"email_notifications": "daily", "time_zone": "America/Argentina/Ushuaia"}
    assert browser.me()["display_name"] == "Carol C."


@pytest.mark.parametrize(
    ("field", "value"),
    [("email_notifications", wrong) for wrong in ("", "hourly", "x" * 300)]
    + [
        ("time_zone", wrong)
        for wrong in ("", "Europe/Atlantis", "europe/vienna", "CEST", "+01:00", "localtime")
    ]
    + [("time_zone", wrong) for wrong in ("../UTC", "/etc/passwd", "UTC\0", "x" * 300)],
)
def test_what_is_no_choice_and_no_time_zone_is_rejected(interface, carol, rejected, field, value):
    browser = interface()
    browser.log_in(carol.email)
    before = browser.mails()
    with rejected(Invalid) as error:
        browser.choose_mails(**{field: value})
    assert error.value.fields == {field}
    assert browser.mails() == before


def test_an_anonymous_user_chooses_no_mails(interface, carol):
    with pytest.raises(NotAuthenticated):
        interface().mails()
    with pytest.raises(NotAuthenticated):
        interface().choose_mails(email_notifications="off")


def test_an_anonymous_user_has_no_profile_to_change(interface, carol):
    with pytest.raises(NotAuthenticated):
        interface().update_profile(bio="Mine")
    with pytest.raises(NotAuthenticated):
        interface().me()


def test_others_see_the_public_part_and_nothing_private(interface, carol):
    """C10."""
    shown, everything = interface().person("CAROL")
    assert "Carol C." in shown
    assert carol.email not in everything
    with pytest.raises(NotFound):
        interface().person("nobody")
    carol.is_active = False
    carol.save()
    with pytest.raises(NotFound):
        interface().person("carol")


@pytest.mark.offers("delete_account")
@pytest.mark.parametrize(("posts", "left"), [("keep", [None]), ("delete", [])])
def test_an_account_is_deleted_with_or_without_its_posts(
    interface, carol, post, post_box, posts, left
):
    post(carol)
    browser, app = interface(), Rest()
    browser.log_in(carol.email)
    app.log_in(carol.email)
    with pytest.raises(Invalid):
        browser.delete_account("wrong", posts)
    browser.delete_account(PASSWORD, posts)
    assert [one.created_by for one in Post.objects.all()] == left
    assert post_box()[-1].to == ["carol@example.org"]
    for gone in (browser, app):
        with pytest.raises(NotAuthenticated):
            gone.me()
    with pytest.raises(NotAuthenticated):
        interface().log_in("carol@example.org")


@pytest.mark.offers("sessions")
def test_sessions_are_listed_and_ended(interface, carol):
    """A7."""
    here, page, app = interface(), Pages(), Rest()
    for browser in (here, page, app):
        browser.log_in(carol.email)
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
def test_a_session_of_another_is_not_ended(interface, carol, person):
    dora = person("dora", password=PASSWORD)
    theirs, mine = Rest(), interface()
    theirs.log_in(dora.email)
    mine.log_in(carol.email)
    [id] = theirs.sessions()
    with pytest.raises(NotFound):
        mine.end_session(id)
    assert theirs.me()


@pytest.mark.offers("sessions")
def test_someone_logs_out_everywhere(interface, carol):
    """A7."""
    browsers = [interface(), Pages(), Rest()]
    for browser in browsers:
        browser.log_in(carol.email)
    browsers[0].end_all_sessions()
    for browser in browsers:
        with pytest.raises(NotAuthenticated):
            browser.me()
    with pytest.raises(NotAuthenticated):
        browsers[2].refresh()
