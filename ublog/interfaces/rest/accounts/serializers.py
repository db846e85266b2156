"""What is read about accounts, and what is shown. What is acceptable is said by the domain."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request

from ublog.accounts.models import CustomUser, RefreshFamily
from ublog.interfaces.auth.login import is_current


def read(shape: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """What was sent, as an action's arguments. Raises DRF's ValidationError."""
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


class Text(serializers.CharField):
    """A text, as it was typed; long ones are the domain's to refuse."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"trim_whitespace": False, "allow_blank": True, **options})


class Address(serializers.Serializer[Any]):
    email = Text()


class LinkToken(serializers.Serializer[Any]):
    token = Text(help_text="From the link in the mail.")


class Activation(LinkToken):
    password = Text(help_text="8 to 256 characters, and not a common one.")
    username = Text(required=False, help_text="Made up when absent.")


class NewPassword(LinkToken):
    password = Text()


class PasswordChange(serializers.Serializer[Any]):
    current_password = Text()
    new_password = Text()


class EmailChange(Address):
    password = Text()


class ProfileChange(serializers.Serializer[Any]):
    username = Text(required=False)
    display_name = Text(required=False)
    bio = Text(required=False)


class Leaving(serializers.Serializer[Any]):
    password = Text()
    posts = serializers.ChoiceField(
        ["keep", "delete"], help_text="Kept posts stay without an author."
    )


class Person(serializers.Serializer[Any]):
    username = serializers.CharField()
    display_name = serializers.CharField(allow_blank=True)
    bio = serializers.CharField(allow_blank=True)
    date_joined = serializers.DateTimeField()


class Self(Person):
    email = serializers.EmailField(help_text="Shown to nobody else.")


class Session(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    created_on = serializers.DateTimeField()
    last_used_on = serializers.DateTimeField()
    user_agent = serializers.CharField(allow_blank=True)
    current = serializers.BooleanField(help_text="The one that this was asked with.")


@extend_schema_serializer(many=False)  # it is itself the page
class SessionPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="Those begun before.")
    previous = serializers.URLField(allow_null=True, help_text="Those begun after.")
    results = Session(many=True)


def show_person(user: CustomUser) -> dict[str, Any]:
    """What everyone may see of someone."""
    names = ("username", "display_name", "bio", "date_joined")
    return {name: getattr(user, name) for name in names}


def show_self(user: CustomUser) -> dict[str, Any]:
    return {"email": user.email, **show_person(user)}


def show_session(family: RefreshFamily, request: Request) -> dict[str, Any]:
    names = ("created_on", "last_used_on", "user_agent")
    shown = {name: getattr(family, name) for name in names}
    return {"id": family.name, **shown, "current": is_current(family, request)}
