"""Serializers of accounts. The domain validates the values: texts pass here as they were sent."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from ublog.accounts.models import TokenFamily
from ublog.accounts.notification_settings import EmailNotifications
from ublog.blog.profiles import LIKED_POSTS, MAX_POSTS
from ublog.interfaces.auth.login import is_current
from ublog.interfaces.rest.serializers import AuthorSerializer, SegmentSerializer, avatar_field

ROLE = "member, moderator or administrator: what to offer. The server checks it at each request."
TIME_ZONE = "Of the IANA database, such as Europe/Vienna: for the mail in the morning."


def validated(
    serializer_class: type[serializers.Serializer[Any]], request: Request
) -> dict[str, Any]:
    """Return the data of the request as keyword arguments. Raise DRF's ValidationError."""
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


class TextField(serializers.CharField):
    """A text of any length, neither trimmed nor required to have characters. No number is one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"trim_whitespace": False, "allow_blank": True, **options})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


@extend_schema_field({"type": "string", "format": "email"})
class EmailTextField(TextField):
    """An e-mail address, which the domain validates."""


class EmailSerializer(serializers.Serializer[Any]):
    email = EmailTextField(allow_blank=False)


class RegisterSerializer(EmailSerializer):
    invitation = TextField(required=False, help_text="The token of an invitation's link.")


class LinkTokenSerializer(serializers.Serializer[Any]):
    token = TextField(help_text="From the link in the e-mail.")


class ActivationSerializer(LinkTokenSerializer):
    password = TextField(help_text="8 to 256 characters, and not a common one.")
    username = TextField(required=False, help_text="Generated when absent.")
    reason = TextField(
        required=False, help_text="Why you want to join, where a moderator approves it."
    )


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


class AvatarSerializer(serializers.Serializer[Any]):
    avatar = serializers.FileField(
        help_text="JPEG, PNG, WebP, GIF or AVIF. It is cut to a square about its centre."
    )


class ProfileSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    display_name = serializers.CharField(allow_blank=True)
    avatar = avatar_field()
    bio = serializers.CharField(allow_blank=True)
    bio_segments = SegmentSerializer(many=True)
    date_joined = serializers.DateTimeField()


class PersonSerializer(ProfileSerializer):
    post_count = serializers.IntegerField(
        max_value=MAX_POSTS, help_text=f"Without replies. {MAX_POSTS}: so many, or more."
    )
    received_like_count = serializers.IntegerField(
        min_value=0, help_text=f"Likes of the latest {LIKED_POSTS} posts, replies among them."
    )


class MemberSerializer(AuthorSerializer):
    date_joined = serializers.DateTimeField()


class OwnProfileSerializer(ProfileSerializer):
    email = serializers.EmailField(help_text="Visible to its owner only.")
    email_notifications = email_notifications_field()
    time_zone = serializers.CharField(help_text=TIME_ZONE)
    role = serializers.CharField(help_text=ROLE)


class ArchiveSerializer(serializers.Serializer[Any]):
    created_on = serializers.DateTimeField(help_text="When it was requested.")
    expires_on = serializers.DateTimeField(
        allow_null=True, help_text="null: it is being made. Ask again in a minute."
    )
    size = serializers.IntegerField(help_text="Bytes; 0 until it is made.")


class OwnDataSerializer(serializers.Serializer[Any]):
    image_bytes = serializers.IntegerField(help_text="Bytes of your pictures in all.")
    image_bytes_limit = serializers.IntegerField(help_text="How many there may be.")
    image_bytes_today = serializers.IntegerField(help_text="Bytes that were sent in this day.")
    image_bytes_today_limit = serializers.IntegerField(help_text="How many may be sent in a day.")
    archive = ArchiveSerializer(allow_null=True, help_text="null: none was requested.")


class SessionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="name")
    created_on = serializers.DateTimeField()
    last_used_on = serializers.DateTimeField()
    user_agent = serializers.CharField(allow_blank=True)
    current = serializers.SerializerMethodField(help_text="Whether it is that of this request.")

    def get_current(self, family: TokenFamily) -> bool:
        return is_current(family, self.context["request"])
