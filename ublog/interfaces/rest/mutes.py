"""The list of what a user mutes, for both REST styles."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.blog.mute_list import LISTED, list_mutes
from ublog.interfaces.rest.auth_views import AuthView
from ublog.interfaces.rest.serializers import AuthorSerializer


class MuteSerializer(serializers.Serializer[Any]):
    created_on = serializers.DateTimeField()
    user = AuthorSerializer(allow_null=True, help_text="null: a conversation is muted.")
    conversation = serializers.IntegerField(
        allow_null=True, help_text="The id of its first post. null: a user is muted."
    )
    text = serializers.CharField(
        allow_blank=True, help_text="Of the first post of the conversation, where it can be seen."
    )


class MutesSerializer(serializers.Serializer[Any]):
    results = MuteSerializer(many=True, help_text=f"The newest {LISTED}.")


class MutesView(AuthView):
    @extend_schema(responses=MutesSerializer)
    def get(self, request: Request) -> Response:
        """List the users and the conversations that you mute, the newest first."""
        return Response(MutesSerializer({"results": list_mutes(request.user)}).data)
