"""C11 and C13 where people sign up and log in: pages, REST and GraphQL, and the admin."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from tests.accounts.drivers import OTHER, PASSWORD
from tests.bodies import cut, without_its_half, without_its_last_byte
from tests.contract.exceptions import Invalid, NotAuthenticated
from ublog.accounts import email_addresses, models
from ublog.accounts.models import CustomUser, Mail, TokenFamily

LONG = "a1" * 10_000
LENGTHS = [257, 1025, 20_000]


@pytest.fixture
def costly(monkeypatch):
    """The lengths of the texts that were normalised or hashed."""
    lengths = [0]
    normalize, encode = models.normalize, MD5PasswordHasher.encode

    def normalized(form, text):
        lengths.append(len(text))
        return normalize(form, text)

    def hashed(hasher, password, salt):
        lengths.append(len(password))
        return encode(hasher, password, salt)

    monkeypatch.setattr(models, "normalize", normalized)
    monkeypatch.setattr(MD5PasswordHasher, "encode", hashed)
    return lengths


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.offers("activate")
def test_c11_a_long_password_is_no_new_one(interface, costly, link, length):
    interface().sign_up("dora@example.org")
    with pytest.raises(Invalid) as error:
        interface().activate(link(), ("ab" * length)[:length])
    assert error.value.fields == {"password"}
    assert max(costly) <= 256
    assert not CustomUser.objects.exists()


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.offers("log_in")
def test_c11_nobody_logs_in_with_a_long_password(interface, carol, costly, length):
    with pytest.raises(NotAuthenticated):
        interface().log_in(carol.email, ("ab" * length)[:length])
    assert max(costly) <= 256


def test_c11_nobody_logs_in_with_a_long_e_mail_address(interface, carol, monkeypatch):
    touched, category = [], email_addresses.category

    def noted(character):
        touched.append(character)
        return category(character)

    monkeypatch.setattr(email_addresses, "category", noted)
    with pytest.raises(NotAuthenticated):
        interface().log_in("a" * 1017 + "@example.org")
    assert touched == []
    with pytest.raises(NotAuthenticated):
        interface().log_in("dora@example.org")
    assert len(touched) >= len("dora@example.org")


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.offers("change_password")
def test_c11_a_long_password_is_not_changed_to(interface, carol, costly, length):
    me = interface()
    me.log_in(carol.email)
    for given in ((LONG[:length], OTHER), (PASSWORD, LONG[:length])):
        with pytest.raises(Invalid):
            me.change_password(*given)
    assert max(costly) <= 256


@pytest.mark.parametrize("field", ["username", "display_name", "bio"])
@pytest.mark.offers("update_profile")
def test_c11_a_long_text_of_a_profile_is_measured_first(interface, carol, monkeypatch, field):
    me = interface()
    me.log_in(carol.email)

    def cleaned(*args, **options):
        raise AssertionError("It was cleaned.")

    monkeypatch.setattr(CustomUser, "full_clean", cleaned)
    with pytest.raises(Invalid) as error:
        me.update_profile(**{field: "a" * (4 * 280 + 1)})
    assert error.value.fields == {field}


@pytest.mark.offers("activate")
def test_c11_a_long_username_is_not_compared_with_the_password(interface, link, monkeypatch):
    monkeypatch.setattr("ublog.accounts.passwords.check", lambda *_: pytest.fail("compared"))
    interface().sign_up("dora@example.org")
    with pytest.raises(Invalid) as error:
        interface().activate(link(), username="a" * 121)
    assert error.value.fields == {"username"}


@pytest.mark.parametrize("length", LENGTHS)
def test_c11_the_admin_hashes_no_long_password(staff, costly, length):
    browser = Client()
    fields = {"username": staff.email, "password": ("ab" * length)[:length]}
    assert browser.post("/admin/login/", fields).status_code == 200
    assert max(costly) <= 256
    browser.force_login(staff)
    new = {"password1": ("ab" * length)[:length], "password2": ("ab" * length)[:length]}
    made = {"email": "dora@example.org", "username": "dora", "usable_password": "true", **new}
    assert browser.post("/admin/accounts/customuser/add/", made).status_code == 200
    address = f"/admin/accounts/customuser/{staff.pk}/password/"
    assert browser.post(address, {"usable_password": "true", **new}).status_code == 200
    assert max(costly) <= 256
    assert CustomUser.objects.count() == 1


@pytest.mark.parametrize("how", [without_its_half, without_its_last_byte])
def test_c13_half_a_form_signs_nobody_up_and_logs_nobody_in(interface, carol, how):
    someone = interface()
    with pytest.raises(Invalid), cut(someone.client, how):
        someone.sign_up("dora@example.org")
    assert (CustomUser.objects.count(), Mail.objects.count()) == (1, 0)
    with pytest.raises((Invalid, NotAuthenticated)):
        log_in_by_half(someone, carol, how)
    assert not TokenFamily.objects.exists()


def log_in_by_half(someone, carol, how):
    """GraphQL's interface logs in by a client of its own."""
    if someone.name == "GraphQL":
        raise NotAuthenticated
    with cut(someone.client, how):
        someone.log_in(carol.email)


@pytest.mark.parametrize("how", [without_its_half, without_its_last_byte])
@pytest.mark.offers("update_profile")
def test_c13_half_a_form_changes_no_profile(interface, carol, how):
    me = interface()
    me.log_in(carol.email)
    with pytest.raises(Invalid), cut(me.client, how):
        me.update_profile(display_name="Half")
    with pytest.raises(Invalid), cut(me.client, how):
        me.change_password()
    carol.refresh_from_db()
    assert (carol.display_name, carol.check_password(PASSWORD)) == ("Carol C.", True)


def test_c13_the_admin_takes_no_half_of_a_form(staff):
    browser = Client()
    browser.force_login(staff)
    with cut(browser, without_its_half):
        response = browser.post("/admin/accounts/customuser/add/", {"email": "dora@example.org"})
    assert response.status_code == 400
    assert CustomUser.objects.count() == 1
