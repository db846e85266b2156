"""People: unique by e-mail and username whatever the case, and nothing private shown."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ublog.accounts.models import CustomUser

make = CustomUser.objects.create_user


@pytest.mark.parametrize("email", ["alice@example.org", "ALICE@example.org", " Alice@Example.ORG "])
def test_an_address_is_taken_whatever_its_case(alice, email):
    with pytest.raises(ValidationError) as error:
        make(email, username="another")
    assert set(error.value.message_dict) == {"email"}


@pytest.mark.parametrize("username", ["alice", "ALICE", "aLiCe"])
def test_a_username_is_taken_whatever_its_case(alice, username):
    with pytest.raises(ValidationError, match="taken"):
        make("another@example.org", username=username)


def test_the_database_holds_both_where_nobody_checks(alice):
    for fields in ({"username": "ALICE", "email": "x@example.org"}, {"email": alice.email}):
        twin = CustomUser(**{"username": "other", **fields})
        with pytest.raises(IntegrityError), transaction.atomic():
            CustomUser.objects.bulk_create([twin])


def test_someone_logs_in_by_an_address_in_any_case(alice):
    assert CustomUser.objects.get_by_natural_key("ALICE@Example.org") == alice


@pytest.mark.parametrize("name", ["a b", "a-b", "a@b", "ä", "a" * 31, "a\n", "../a", "\0", "<a>"])
def test_a_username_has_letters_digits_and_underscores_only(db, name):
    with pytest.raises(ValidationError) as error:
        make("somebody@example.org", username=name)
    assert set(error.value.message_dict) == {"username"}


def test_a_username_that_is_made_up_tells_nothing_private(db):
    made = {make(f"private{n}@secret.example", "pw").username for n in range(5)}
    assert len(made) == 5
    assert not any("private" in name or "secret" in name for name in made)
    assert all(name == name.lower() for name in made)


def test_a_person_is_called_by_display_name_or_username(person):
    assert person("alice").name == "alice"
    assert person("bob", display_name=" Bob B. ").name == "Bob B."
    assert str(CustomUser.objects.get(username="bob")) == "bob"


@pytest.mark.parametrize("email", ["", "nonsense", "a@b@c", "a" * 250 + "@example.org"])
def test_an_address_is_one_that_mail_can_reach(db, email):
    with pytest.raises(ValidationError) as error:
        make(email)
    assert set(error.value.message_dict) == {"email"}


def test_a_password_is_never_kept(db):
    user = make("a@example.org", "correct horse")
    assert "correct horse" not in user.password
    assert user.check_password("correct horse")
    assert not make("b@example.org").has_usable_password()


def test_an_administrator_may_do_everything(db):
    admin = CustomUser.objects.create_superuser("root@example.org", "pw")
    assert (admin.is_staff, admin.is_superuser, admin.is_active) == (True, True, True)
