"""Serializers of accounts. The domain validates the values: texts pass here as they were sent."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from ublog.accounts.models import TokenFamily
from ublog.accounts.notification_settings import EmailNotifications
from ublog.interfaces.auth.login import is_current
from ublog.interfaces.rest.serializers import AuthorSerializer, SegmentSerializer

TIME_ZONE = "Of the IANA database, such as Europe/Vienna: for the mail in the morning."


def validated(
    serializer_class: type[serializers.Serializer[Any]], request: Request
) -> dict[str, Any]:
    """Return the data of the request as keyword arguments. Raises DRF's ValidationError."""
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


class TextField(serializers.CharField):
    """A text of any length, neither trimmed nor required to have characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"trim_whitespace": False, "allow_blank": True, **options})


class EmailSerializer(serializers.Serializer[Any]):
    email = TextField()


class RegisterSerializer(EmailSerializer):
    invitation = TextField(required=False, help_text="The token of an invitation's link.")


class LinkTokenSerializer(serializers.Serializer[Any]):
    token = TextField(help_text="From the link in the e-mail.")


class ActivationSerializer(LinkTokenSerializer):
    password = TextField(help_text="8 to 256 characters, and not a common one.")
    username = TextField(required=False, help_text="Generated when absent.")


class NewPasswordSerializer(LinkTokenSerializer):
    password = TextField()


class PasswordChangeSerializer(serializers.Serializer[Any]):
    current_password = TextField()
    new_password = TextField()


class EmailChangeSerializer(EmailSerializer):
    password = TextField()


def email_notifications_field(**options: Any) -> serializers.ChoiceField:
    """Return the field for when mails of notifications are sent."""
    return serializers.ChoiceField(
        EmailNotifications.choices,
        help_text="When mails of replies and mentions are sent.",
        **options,
    )


class ProfileChangeSerializer(serializers.Serializer[Any]):
    username = TextField(required=False)
    display_name = TextField(required=False)
    bio = TextField(required=False)
    email_notifications = email_notifications_field(required=False)
    time_zone = TextField(required=False, help_text=TIME_ZONE)


class AccountDeletionSerializer(serializers.Serializer[Any]):
    password = TextField()
    posts = serializers.ChoiceField(
        ["keep", "delete"], help_text="Posts that are kept have no author."
    )


class DetailSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField(help_text="What happened, in a sentence.")


class RegisteredSerializer(DetailSerializer):
    activation = serializers.CharField(
        required=False,
        help_text="The token to activate the account with, where an invitation is enough: on a "
        "site that sends no mails.",
    )


class AccessTokenSerializer(serializers.Serializer[Any]):
    access = serializers.CharField(help_text="For `Authorization: Bearer`; valid for five minutes.")


class ProfileSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    display_name = serializers.CharField(allow_blank=True)
    bio = serializers.CharField(allow_blank=True)
    bio_segments = SegmentSerializer(many=True)
    date_joined = serializers.DateTimeField()


class UsersSerializer(serializers.Serializer[Any]):
    results = AuthorSerializer(many=True)


class OwnProfileSerializer(ProfileSerializer):
    email = serializers.EmailField(help_text="Visible to its owner only.")
    email_notifications = email_notifications_field()
    time_zone = serializers.CharField(help_text=TIME_ZONE)


class SessionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="name")
    created_on = serializers.DateTimeField()
    last_used_on = serializers.DateTimeField()
    user_agent = serializers.CharField(allow_blank=True)
    current = serializers.SerializerMethodField(help_text="Whether it is that of this request.")

    def get_current(self, family: TokenFamily) -> bool:
        return is_current(family, self.context["request"])
