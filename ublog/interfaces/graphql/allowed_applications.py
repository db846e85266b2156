"""The programs of others that a user has allowed by OAuth, in GraphQL: list and end them."""

import graphene
from graphql import GraphQLResolveInfo as Info

from ublog.accounts.oauth import actions as oauth
from ublog.accounts.oauth.models import AllowedApplication
from ublog.interfaces.graphql.errors import DomainMutation


class AllowedApplicationType(graphene.ObjectType):
    """A program of others that the user has allowed by OAuth."""

    class Meta:
        name = "AllowedApplication"

    id = graphene.ID(required=True)
    name = graphene.String(required=True, description="As the program calls itself.")
    scopes = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="What was granted last."
    )
    created_on = graphene.DateTime(required=True, description="When it was allowed first.")
    last_used_on = graphene.DateTime(description="Exact to an hour; null before the first use.")

    @staticmethod
    def resolve_name(allowed: AllowedApplication, info: Info) -> str:
        return str(allowed.application.name)


class AllowedApplicationQueries(graphene.ObjectType):
    """The query that lists what a user has allowed."""

    allowed_applications = graphene.List(
        graphene.NonNull(AllowedApplicationType),
        required=True,
        description="The programs of others that the current user has allowed, the last one first.",
    )

    @staticmethod
    def resolve_allowed_applications(root: None, info: Info) -> list[AllowedApplication]:
        """Return what the current user has allowed."""
        return oauth.list_allowed(by=info.context.user)


class EndAllowedApplication(DomainMutation):
    """End what a program of others may do in your name."""

    class Arguments:
        id = graphene.ID(required=True)

    ended_id = graphene.ID()

    @staticmethod
    def mutate(root: None, info: Info, id: str) -> "EndAllowedApplication":
        """End it."""
        oauth.end(by=info.context.user, pk=id)
        return EndAllowedApplication(ended_id=id)


class AllowedApplicationMutations(graphene.ObjectType):
    """The mutation that ends what a user has allowed."""

    end_allowed_application = EndAllowedApplication.Field(required=True)
