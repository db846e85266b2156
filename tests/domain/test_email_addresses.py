"""B9: one mailbox has one form, whichever way it is written."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from hypothesis import example, given
from hypothesis import strategies as st

from ublog.accounts import email_addresses, tasks
from ublog.accounts.email_addresses import normal_form
from ublog.accounts.models import CustomUser

BOOKS = "me@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Me@Example.ORG", "me@example.org"),
        (" me@example.org\n", "me@example.org"),
        ("me@BÜCHER.example", BOOKS),
        ("me@bu\u0308cher.example", BOOKS),
        ("me@bücher\u3002example", BOOKS),
        ("m\u00ade@b\u200cü\u200dcher.example", BOOKS),
        ("\u202ame@bücher.example\u202c", BOOKS),
        ("me＠bücher.example", BOOKS),
        ("me@straße.example", "me@xn--strae-oqa.example"),
        ("me@STRASSE.example", "me@strasse.example"),
        ("me@i❤.example", "me@xn--i-7iq.example"),
        ('"me"@example.org', "me@example.org"),
        (r'"m\e"@example.org', "me@example.org"),
        (r'"m\ e"@example.org', r'"m\ e"@example.org'),
        ("\u212aim@example.org", "kim@example.org"),
        ("\u017fam@example.org", "sam@example.org"),
        ("me@[0::1]", "me@[::1]"),
        ("me+tag@example.org", "me+tag@example.org"),
    ],
)
def test_an_address_has_one_form(written, normal):
    assert normal_form(written) == normal
    field = CustomUser._meta.get_field("email")
    assert field.clean(written, None) == normal


@pytest.mark.parametrize("written", ["me\0@example.org", '"m\x01e"@example.org', "me@\ud800.org"])
def test_control_characters_are_rejected(written):
    with pytest.raises(ValidationError):
        normal_form(written)


@example("a@\u1e9eK\u0301.İ")
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_the_normal_form_is_its_own(text):
    for written in (text, f"me@{text}", f"{text}@example.org", f'"{text}"@example.org'):
        try:
            normal = normal_form(written)
        except ValidationError:
            continue
        assert normal_form(normal) == normal
        assert normal == normal.lower()


def test_c11_a_text_that_is_too_long_is_not_looked_at(monkeypatch):
    """At most 4 times the limit, in code points."""
    longest = "@example.org".rjust(email_addresses.MAX_RAW_LENGTH, "ü")
    normal_form(longest)
    monkeypatch.setattr(email_addresses, "normalize", lambda *_: pytest.fail("normalised"))
    monkeypatch.setattr(email_addresses, "category", lambda *_: pytest.fail("looked at"))
    with pytest.raises(ValidationError, match="at most 254 characters"):
        normal_form(f"ü{longest}")


def test_c11_a_label_that_is_too_long_is_not_encoded(monkeypatch):
    """Punycode costs the square of its length."""
    assert normal_form(f"me@{'ü' * 20}.example").startswith("me@xn--")
    monkeypatch.setattr(email_addresses, "_a_label", lambda _: pytest.fail("encoded"))
    for domain in (f"{'ü' * 64}.example", f"{'ü' * 60}." * 5):
        with pytest.raises(ValidationError):
            normal_form(f"me@{domain}")


@pytest.fixture
def twins(person):
    """Accounts of an earlier release: two of one mailbox, one alone, one whose mails went to
    strasse.example, and one that is not affected."""
    for name, email in {
        "ann": BOOKS,
        "ben": "me@bücher.example",
        "eve": "eve@bücher.example",
        "joe": "joe@straße.example",
        "kim": "kim@example.org",
    }.items():
        person(name)
        CustomUser.objects.filter(username=name).update(email=email)


def addresses():
    return dict(CustomUser.objects.values_list("username", "email"))


def test_an_address_of_an_earlier_release_gets_its_normal_form(twins):
    before = addresses()
    assert tasks.normalize_addresses() == 1
    assert addresses() == before | {"eve": "eve@xn--bcher-kva.example"}
    assert tasks.normalize_addresses() == 0


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (BOOKS, "ann"),
        ("ME@bücher.example", "ben"),
        ("eve@bücher.example", "eve"),
        ("joe@straße.example", "joe"),
    ],
)
def test_each_account_is_found_by_its_address_as_it_was_typed(twins, typed, name):
    assert CustomUser.objects.with_email(typed).username == name
    tasks.normalize_addresses()
    assert CustomUser.objects.get_by_natural_key(typed).username == name


def test_who_shares_a_mailbox_can_be_saved(twins):
    ben = CustomUser.objects.get(username="ben")
    ben.bio = "Still here"
    ben.save()
    ben.refresh_from_db()
    assert (ben.bio, ben.email) == ("Still here", "me@bücher.example")


@pytest.mark.django_db(transaction=True)
def test_doctor_lists_the_accounts_that_share_a_mailbox(twins):
    from tests.doctor.test_doctor import examined

    said = examined("database")
    assert "warning   database: One mailbox has several accounts: @ben and @ann." in said
    assert "@eve" not in said
    CustomUser.objects.filter(username="ben").delete()
    assert "several accounts" not in examined("database")


def test_an_administrator_has_one_mailbox_too(db):
    given = {"interactive": False, "stdout": io.StringIO()}
    call_command("createsuperuser", email="me@bücher.example", **given)
    assert CustomUser.objects.get().email == BOOKS
    with pytest.raises(CommandError, match="already taken"):
        call_command("createsuperuser", email=BOOKS, **given)
