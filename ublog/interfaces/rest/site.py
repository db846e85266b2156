"""The settings of the site and its invitations, for both REST styles."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.accounts import inviting, site
from ublog.core.models import SiteSettings
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.accounts.serializers import TextField, validated
from ublog.interfaces.rest.auth_views import RestrictedView


class SiteSettingsSerializer(serializers.ModelSerializer[SiteSettings]):
    """All that administrators change. The action checks the values."""

    overruled = serializers.DictField(
        child=serializers.CharField(),
        source="variables",
        read_only=True,
        help_text="The fields that the environment decides, each with the name of its variable.",
    )

    class Meta:
        model = SiteSettings
        fields = (*site.CHANGEABLE, "overruled")


class SiteSettingsChangeSerializer(serializers.ModelSerializer[SiteSettings]):
    class Meta:
        model = SiteSettings
        fields = site.CHANGEABLE


class SiteView(RestrictedView):
    @extend_schema(responses=SiteSettingsSerializer)
    def get(self, request: Request) -> Response:
        """Read the settings of the site, as an administrator."""
        return Response(SiteSettingsSerializer(site.get_settings(by=request.user)).data)

    @extend_schema(request=SiteSettingsChangeSerializer, responses=SiteSettingsSerializer)
    def patch(self, request: Request) -> Response:
        """Change the settings of the site, as an administrator. What is absent stays."""
        current = site.get_settings(by=request.user)
        serializer = SiteSettingsChangeSerializer(current, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        site.change_settings(by=request.user, **serializer.validated_data)
        return self.get(request)


class NewInvitationSerializer(serializers.Serializer[Any]):
    email = TextField(default="", help_text="Only this address may join by it; empty: anybody.")
    uses = serializers.IntegerField(default=1, help_text="How many people may join by it.")
    days = serializers.IntegerField(default=7, help_text="When it expires.")


class InvitationSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    url = serializers.CharField(help_text="The link to give to the people it is for.")
    email = serializers.CharField(help_text="Only this address may join by it; empty: anybody.")
    created_by = serializers.CharField(allow_null=True, help_text="The username.")
    created_on = serializers.DateTimeField()
    expires_on = serializers.DateTimeField()
    uses = serializers.IntegerField(help_text="How many people may join by it.")
    used = serializers.IntegerField(help_text="How many have joined by it.")


class InvitationsSerializer(serializers.Serializer[Any]):
    results = InvitationSerializer(many=True, help_text=f"The newest {inviting.LISTED}.")


class InvitationsView(RestrictedView):
    @extend_schema(responses=InvitationsSerializer)
    def get(self, request: Request) -> Response:
        """List the invitations that can be used: yours, for moderators those of everybody."""
        found = inviting.list_invitations(by=request.user)
        return Response(InvitationsSerializer({"results": found}).data)

    @extend_schema(request=NewInvitationSerializer, responses={201: InvitationSerializer})
    def post(self, request: Request) -> Response:
        """Make an invitation: a link by which people may join."""
        made = inviting.invite(by=request.user, **validated(NewInvitationSerializer, request))
        return Response(InvitationSerializer(made).data, status=status.HTTP_201_CREATED)


class InvitationView(RestrictedView):
    @extend_schema(responses={204: None, 404: schema.error(404)})
    def delete(self, request: Request, pk: int) -> Response:
        """End an invitation: nobody can join by its link any more."""
        inviting.end_invitation(by=request.user, pk=pk)
        return Response(status=status.HTTP_204_NO_CONTENT)
