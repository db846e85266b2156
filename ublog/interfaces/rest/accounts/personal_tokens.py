"""Personal tokens in REST: list, make and end them."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.accounts import personal_tokens
from ublog.accounts.scopes import SCOPES
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.accounts.serializers import TextField, validated
from ublog.interfaces.rest.auth_views import RestrictedView


class PersonalTokenSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(list(SCOPES)))
    created_on = serializers.DateTimeField()
    expires_on = serializers.DateTimeField()
    last_used_on = serializers.DateTimeField(allow_null=True, help_text="Exact to an hour.")


class PersonalTokensSerializer(serializers.Serializer[Any]):
    results = PersonalTokenSerializer(many=True)


ANY_SCOPE = {"type": "string", "enum": list(SCOPES)}
DAYS = {"type": "integer", "minimum": 1, "maximum": personal_tokens.MOST_DAYS, "default": 90}


@extend_schema_field({"type": "array", "items": ANY_SCOPE, "minItems": 1})
class ScopesField(serializers.ListField):
    """Names of scopes, which the domain validates."""

    child = TextField()


@extend_schema_field(DAYS)
class DaysField(serializers.IntegerField):
    """A number of days, which the domain validates."""


class NewPersonalTokenSerializer(serializers.Serializer[Any]):
    name = TextField(help_text="For you, such as the name of the program.")
    scopes = ScopesField(help_text=f"One or more of {', '.join(SCOPES)}.")
    days = DaysField(
        default=90,
        help_text=f"After so many days it expires: 1 to {personal_tokens.MOST_DAYS}.",
    )


class MadePersonalTokenSerializer(PersonalTokenSerializer):
    token = serializers.CharField(
        help_text="For `Authorization: Bearer`. It cannot be read again: keep it."
    )


class PersonalTokensView(RestrictedView):
    @extend_schema(responses=PersonalTokensSerializer)
    def get(self, request: Request) -> Response:
        """List your tokens for programs, newest first."""
        found = personal_tokens.list_tokens(by=request.user)
        return Response(PersonalTokensSerializer({"results": found}).data)

    @extend_schema(request=NewPersonalTokenSerializer, responses={201: MadePersonalTokenSerializer})
    def post(self, request: Request) -> Response:
        """Make a token for a program.

        It ends with your password and your e-mail address. You have at most 50.
        """
        data = validated(NewPersonalTokenSerializer, request)
        token, secret = personal_tokens.make(by=request.user, **data)
        content = {**PersonalTokenSerializer(token).data, "token": secret}
        return Response(content, status=status.HTTP_201_CREATED)


class PersonalTokenView(RestrictedView):
    @extend_schema(responses={204: None, 404: schema.error(404)})
    def delete(self, request: Request, pk: int) -> Response:
        """End a token for a program."""
        personal_tokens.end(by=request.user, pk=pk)
        return Response(status=status.HTTP_204_NO_CONTENT)
