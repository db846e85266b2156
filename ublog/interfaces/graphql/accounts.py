"""Accounts in GraphQL: who somebody is, joining, the own profile and password."""

from typing import Any

import graphene
from graphene import relay
from graphql import GraphQLResolveInfo as Info

from ublog.accounts import actions, token_families
from ublog.accounts.models import CustomUser, RefreshFamily
from ublog.core.viewers import Viewer
from ublog.interfaces.auth import login
from ublog.interfaces.auth.tokens import AccessToken
from ublog.interfaces.graphql.connections import connection, place
from ublog.interfaces.graphql.errors import DomainMutation


class Person(graphene.ObjectType):
    """What is public of someone."""

    username = graphene.String(required=True)
    display_name = graphene.String(required=True, description="May be empty.")
    bio = graphene.String(required=True, description="May be empty.")
    date_joined = graphene.DateTime(required=True)


class Me(Person):
    """What one sees of oneself."""

    email = graphene.String(required=True, description="Shown to nobody else.")


class Session(graphene.ObjectType):
    """Where one is logged in: a browser or a program."""

    id = graphene.ID(required=True)
    created_on = graphene.DateTime(required=True)
    last_used_on = graphene.DateTime(required=True)
    user_agent = graphene.String(required=True, description="May be empty.")
    current = graphene.Boolean(required=True, description="The one that this was asked with.")

    @staticmethod
    def resolve_id(family: RefreshFamily, info: Info) -> str:
        return str(family.name)

    @staticmethod
    def resolve_current(family: RefreshFamily, info: Info) -> bool:
        return login.is_current(family, info.context)


class SessionConnection(relay.Connection):
    """A page of sessions, the last begun first."""

    class Meta:
        node = Session


class AccountQueries(graphene.ObjectType):
    me = graphene.Field(Me, description="null for a stranger.")
    user = graphene.Field(Person, username=graphene.String(required=True))
    token_families = graphene.Field(
        SessionConnection,
        required=True,
        description="One's own.",
        first=graphene.Int(),
        after=graphene.String(),
        last=graphene.Int(),
        before=graphene.String(),
    )

    @staticmethod
    def resolve_me(root: None, info: Info) -> CustomUser | None:
        viewer = info.context.user
        return CustomUser.objects.get_active(viewer) if viewer.is_authenticated else None

    @staticmethod
    def resolve_sessions(root: None, info: Info, **window: Any) -> dict[str, Any]:
        user = CustomUser.objects.get_active(info.context.user)
        return connection(token_families.page(user, **place(**window)))

    @staticmethod
    def resolve_user(root: None, info: Info, username: str) -> CustomUser:
        return CustomUser.objects.get_by_username(username)


class Register(DomainMutation):
    """Sign up: a mail says how to go on. The same whether the address is known; asking again
    sends the mail again."""

    class Arguments:
        email = graphene.String(required=True)

    @staticmethod
    def perform(by: Viewer, **given: Any) -> dict[str, Any]:
        actions.sign_up(**given)
        return {}


class Activate(DomainMutation):
    """Open an account by the token of the link in that mail, which works once, for 48 hours."""

    class Arguments:
        token = graphene.String(required=True)
        password = graphene.String(required=True)
        username = graphene.String(description="Made up when absent.")

    @staticmethod
    def perform(by: Viewer, **given: Any) -> dict[str, Any]:
        actions.activate(**given)
        return {}


class UpdateProfile(DomainMutation):
    """Change what others see of oneself; what is not given stays."""

    class Arguments:
        username = graphene.String()
        display_name = graphene.String()
        bio = graphene.String()

    me = graphene.Field(Me)

    @staticmethod
    def perform(by: Viewer, **changes: Any) -> dict[str, Any]:
        return {"me": actions.update_profile(by=by, **changes)}


class ChangePassword(DomainMutation):
    """Change one's password, and end every other sign-in; the caller's goes on with `access`."""

    class Arguments:
        current_password = graphene.String(required=True)
        new_password = graphene.String(required=True)

    access = graphene.String(description="The new access token.")

    @classmethod
    def answer(cls, info: Info, **given: Any) -> dict[str, Any]:
        user = actions.change_password(by=info.context.user, **given)
        family = login.log_in_again(info.context, user)
        return {"access": str(AccessToken.of(family))}


class EndSession(DomainMutation):
    """End one of one's own sessions."""

    class Arguments:
        id = graphene.ID(required=True)

    ended_id = graphene.ID()

    @staticmethod
    def perform(by: Viewer, id: str) -> dict[str, Any]:
        actions.end_session(by=by, name=token_families.parse_name(id))
        return {"ended_id": id}


class EndAllSessions(DomainMutation):
    """Log out everywhere."""

    @classmethod
    def answer(cls, info: Info, **given: Any) -> dict[str, Any]:
        actions.end_all_sessions(by=info.context.user)
        login.log_out_browser(info.context)
        return {}


class AccountMutations(graphene.ObjectType):
    register = Register.Field(required=True)
    activate = Activate.Field(required=True)
    update_profile = UpdateProfile.Field(required=True)
    change_password = ChangePassword.Field(required=True)
    end_session = EndSession.Field(required=True)
    end_all_sessions = EndAllSessions.Field(required=True)
