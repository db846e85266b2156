"""Serializers of reports."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from ublog.accounts.moderation_log import MAX_REASON
from ublog.interfaces.rest.accounts.serializers import TextField


@extend_schema_serializer(
    examples=[OpenApiExample("A report", {"reason": "Advertises pills."}, request_only=True)]
)
class ReportSerializer(serializers.Serializer[Any]):
    """Why a post or a user is reported. The domain checks it."""

    reason = TextField(help_text=f"For the moderators, at most {MAX_REASON} characters.")


class ReportedSerializer(serializers.Serializer[Any]):
    """Whose report was stored."""

    username = serializers.CharField(help_text="The user who is reported.")
    reported = serializers.BooleanField(help_text="Always true.")
