"""The settings of the site and its invitations in GraphQL."""

from typing import Any

import graphene
from graphql import GraphQLResolveInfo as Info

from ublog.accounts import inviting, site
from ublog.accounts.invitations import Invitation
from ublog.core.models import SiteSettings
from ublog.interfaces.graphql.errors import DomainMutation

# A change may leave out any field.
CHANGES: dict[str, graphene.String] = {name: graphene.String() for name in site.CHANGEABLE}
FIELDS = {name: graphene.String(required=True) for name in site.CHANGEABLE}


class OverruledSettingType(graphene.ObjectType):
    """A field of the settings that a variable of the environment decides."""

    class Meta:
        name = "OverruledSetting"

    field = graphene.String(required=True, description="As REST names it.")
    variable = graphene.String(required=True)


class SiteSettingsType(type("SiteSettingsFields", (graphene.ObjectType,), FIELDS)):  # type: ignore[misc]
    """What administrators change in the browser."""

    class Meta:
        name = "SiteSettings"

    overruled = graphene.List(graphene.NonNull(OverruledSettingType), required=True)

    @staticmethod
    def resolve_overruled(settings: SiteSettings, info: Info) -> list[OverruledSettingType]:
        """Return what the environment decides."""
        return [
            OverruledSettingType(field=field, variable=variable)
            for field, variable in settings.variables.items()
        ]


class InvitationType(graphene.ObjectType):
    """A link by which people may join."""

    class Meta:
        name = "Invitation"

    id = graphene.ID(required=True)
    url = graphene.String(required=True, description="To give to the people it is for.")
    email = graphene.String(
        required=True, description="Only this address may join by it; empty: anybody."
    )
    created_by = graphene.String(description="The username.")
    created_on = graphene.DateTime(required=True)
    expires_on = graphene.DateTime(required=True)
    uses = graphene.Int(required=True, description="How many people may join by it.")
    used = graphene.Int(required=True, description="How many have joined by it.")

    @staticmethod
    def resolve_id(invitation: Invitation, info: Info) -> str:
        """Return an id that no other object has: clients such as Relay store all by it."""
        return f"invitation-{invitation.pk}"


class SiteQueries(graphene.ObjectType):
    """The queries that read what administrators and moderators set up."""

    site_settings = graphene.Field(
        SiteSettingsType, required=True, description="For administrators."
    )
    invitations = graphene.List(
        graphene.NonNull(InvitationType),
        required=True,
        description="Those that can be used: yours, for moderators those of everybody.",
    )

    @staticmethod
    def resolve_site_settings(root: None, info: Info) -> SiteSettings:
        """Return the settings in effect."""
        return site.get_settings(by=info.context.user)

    @staticmethod
    def resolve_invitations(root: None, info: Info) -> list[Invitation]:
        """Return the invitations that the user may see."""
        return inviting.list_invitations(by=info.context.user)


class UpdateSiteSettings(DomainMutation):
    """Change the settings of the site. Absent arguments are not changed."""

    Arguments = type("Arguments", (), CHANGES)
    site_settings = graphene.Field(SiteSettingsType)

    @staticmethod
    def mutate(root: None, info: Info, **changes: Any) -> "UpdateSiteSettings":
        """Change them, as an administrator."""
        changed = site.change_settings(by=info.context.user, **changes)
        return UpdateSiteSettings(site_settings=changed.overrule())


class CreateInvitation(DomainMutation):
    """Make an invitation: a link by which people may join."""

    class Arguments:
        email = graphene.String(description="Only this address may join by it; absent: anybody.")
        uses = graphene.Int(description="How many people may join by it: 1, if absent.")
        days = graphene.Int(description="When it expires: after 7 days, if absent.")

    invitation = graphene.Field(InvitationType)

    @staticmethod
    def mutate(root: None, info: Info, **fields: Any) -> "CreateInvitation":
        """Make the invitation."""
        return CreateInvitation(invitation=inviting.invite(by=info.context.user, **fields))


class EndInvitation(DomainMutation):
    """End an invitation: nobody can join by its link any more."""

    class Arguments:
        id = graphene.ID(required=True)

    ended_id = graphene.ID()

    @staticmethod
    def mutate(root: None, info: Info, id: str) -> "EndInvitation":
        """End the invitation."""
        inviting.end_invitation(by=info.context.user, pk=id.removeprefix("invitation-"))
        return EndInvitation(ended_id=id)


class SiteMutations(graphene.ObjectType):
    """The mutations that change the site."""

    update_site_settings = UpdateSiteSettings.Field(required=True)
    create_invitation = CreateInvitation.Field(required=True)
    end_invitation = EndInvitation.Field(required=True)
