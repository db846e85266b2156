"""The programs of others that a user has allowed by OAuth, in REST: list and end them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.accounts.oauth import actions as oauth
from ublog.accounts.scopes import SCOPES
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.auth_views import RestrictedView


class AllowedApplicationSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField(
        source="application.name", help_text="As the program calls itself."
    )
    scopes = serializers.ListField(
        child=serializers.ChoiceField(list(SCOPES)), help_text="What was granted last."
    )
    created_on = serializers.DateTimeField(help_text="When it was allowed first.")
    last_used_on = serializers.DateTimeField(allow_null=True, help_text="Exact to an hour.")


class AllowedApplicationsSerializer(serializers.Serializer[Any]):
    results = AllowedApplicationSerializer(many=True)


class AllowedApplicationsView(RestrictedView):
    @extend_schema(responses=AllowedApplicationsSerializer)
    def get(self, request: Request) -> Response:
        """List the programs of others that you have allowed by OAuth, the last one first."""
        found = oauth.list_allowed(by=request.user)
        return Response(AllowedApplicationsSerializer({"results": found}).data)


class AllowedApplicationView(RestrictedView):
    @extend_schema(responses={204: None, 404: schema.error(404)})
    def delete(self, request: Request, pk: int) -> Response:
        """End what a program of others may do in your name."""
        oauth.end(by=request.user, pk=pk)
        return Response(status=status.HTTP_204_NO_CONTENT)
