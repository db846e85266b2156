"""The own data in GraphQL: how much there is, and an archive of it."""

import graphene
from graphql import GraphQLResolveInfo as Info

from ublog.blog import archive_actions
from ublog.interfaces.graphql.errors import DomainMutation


class ArchiveType(graphene.ObjectType):
    """An archive of the user's data; download it at `/api/profile/data/archive/`."""

    class Meta:
        name = "Archive"

    created_on = graphene.DateTime(required=True, description="When it was requested.")
    expires_on = graphene.DateTime(description="null: it is being made.")
    size = graphene.Float(required=True, description="Bytes; 0 until it is made.")


class OwnDataType(graphene.ObjectType):
    """How much the site stores for the user. Numbers are bytes of pictures."""

    class Meta:
        name = "OwnData"

    image_bytes = graphene.Float(required=True)
    image_bytes_limit = graphene.Float(required=True)
    image_bytes_today = graphene.Float(required=True)
    image_bytes_today_limit = graphene.Float(required=True)
    archive = graphene.Field(ArchiveType, description="null: none was requested.")


class OwnDataQueries(graphene.ObjectType):
    """The query that reads the own data."""

    own_data = graphene.Field(OwnDataType, required=True, description="Needs a login.")

    @staticmethod
    def resolve_own_data(root: None, info: Info) -> archive_actions.OwnData:
        """Return how much there is, and the archive."""
        return archive_actions.get_own_data(by=info.context.user)


class RequestArchive(DomainMutation):
    """Request an archive of your data. Until it expires, this returns the same one."""

    archive = graphene.Field(ArchiveType)

    @staticmethod
    def mutate(root: None, info: Info) -> "RequestArchive":
        """Have the archive made."""
        return RequestArchive(archive=archive_actions.request_archive(by=info.context.user))


class OwnDataMutations(graphene.ObjectType):
    """The mutation that has an archive made."""

    request_archive = RequestArchive.Field(required=True)
