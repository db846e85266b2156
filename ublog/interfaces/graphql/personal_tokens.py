"""Personal tokens in GraphQL: list, make and end them."""

from typing import Any

import graphene
from graphql import GraphQLResolveInfo as Info

from ublog.accounts import personal_tokens
from ublog.accounts.scopes import SCOPES
from ublog.accounts.token_models import PersonalToken
from ublog.interfaces.graphql.errors import DomainMutation

SCOPE_NAMES = f"One or more of {', '.join(SCOPES)}."


class PersonalTokenType(graphene.ObjectType):
    """A token of the user for a program."""

    class Meta:
        name = "PersonalToken"

    id = graphene.ID(required=True)
    name = graphene.String(required=True)
    scopes = graphene.List(graphene.NonNull(graphene.String), required=True)
    created_on = graphene.DateTime(required=True)
    expires_on = graphene.DateTime(required=True)
    last_used_on = graphene.DateTime(description="Exact to an hour; null before the first use.")


class PersonalTokenQueries(graphene.ObjectType):
    """The query that lists personal tokens."""

    personal_tokens = graphene.List(
        graphene.NonNull(PersonalTokenType),
        required=True,
        description="The tokens of the current user for programs, newest first.",
    )

    @staticmethod
    def resolve_personal_tokens(root: None, info: Info) -> list[PersonalToken]:
        """Return the tokens of the current user that can be used."""
        return personal_tokens.list_tokens(by=info.context.user)


class CreatePersonalToken(DomainMutation):
    """Make a token for a program. It ends with your password and your e-mail address."""

    class Arguments:
        name = graphene.String(required=True, description="For you.")
        scopes = graphene.List(
            graphene.NonNull(graphene.String), required=True, description=SCOPE_NAMES
        )
        days = graphene.Int(description="After so many days it expires; 90 if absent.")

    personal_token = graphene.Field(PersonalTokenType)
    token = graphene.String(
        description="For `Authorization: Bearer`. It cannot be read again: keep it."
    )

    @staticmethod
    def mutate(root: None, info: Info, days: int = 90, **fields: Any) -> "CreatePersonalToken":
        """Make the token of the current user."""
        made = personal_tokens.make(by=info.context.user, days=days, **fields)
        return CreatePersonalToken(personal_token=made.token, token=made.secret)


class EndPersonalToken(DomainMutation):
    """End one of your tokens for programs."""

    class Arguments:
        id = graphene.ID(required=True)

    ended_id = graphene.ID()

    @staticmethod
    def mutate(root: None, info: Info, id: str) -> "EndPersonalToken":
        """End the token."""
        personal_tokens.end(by=info.context.user, pk=id)
        return EndPersonalToken(ended_id=id)


class PersonalTokenMutations(graphene.ObjectType):
    """The mutations that make and end personal tokens."""

    create_personal_token = CreatePersonalToken.Field(required=True)
    end_personal_token = EndPersonalToken.Field(required=True)
