"""Accounts in GraphQL: users, signing up, and the user's own profile, password and sessions."""

from typing import Any

import graphene
from graphene import relay
from graphql import GraphQLResolveInfo as Info

from ublog.accounts import actions, token_families
from ublog.accounts.models import CustomUser, TokenFamily
from ublog.accounts.notification_settings import EmailNotifications
from ublog.accounts.querysets import MOST_FOUND
from ublog.blog.profiles import LIKED_POSTS, MAX_POSTS, get_profile
from ublog.core.cursors import MAX_PAGE_SIZE
from ublog.interfaces.auth import login
from ublog.interfaces.auth.tokens import AccessToken
from ublog.interfaces.graphql.connections import connection, connection_arguments, page_request
from ublog.interfaces.graphql.errors import DomainMutation
from ublog.interfaces.graphql.image_types import avatar_field
from ublog.interfaces.graphql.nodes import Node, user_id
from ublog.interfaces.graphql.texts import segments_field

EMAIL_NOTIFICATIONS = (
    f"When mails of replies and mentions are sent: {', '.join(EmailNotifications.values)}."
)
TIME_ZONE = "Of the IANA database, such as Europe/Vienna: for the mail in the morning."


class ProfileType(graphene.ObjectType):
    """The fields of a user that everybody sees."""

    class Meta:
        abstract = True

    username = graphene.String(required=True)
    display_name = graphene.String(required=True, description="May be empty.")
    avatar = avatar_field()
    bio = graphene.String(required=True, description="May be empty.")
    bio_segments = segments_field("The bio, cut where something is to link.")
    date_joined = graphene.DateTime(required=True)


class UserType(ProfileType):
    """What everybody sees of a user."""

    class Meta:
        name = "User"
        interfaces = (Node,)

    post_count = graphene.Int(
        description=f"Without replies; {MAX_POSTS}: so many, or more. null but of `user`."
    )

    received_like_count = graphene.Int(
        description=f"Likes of the latest {LIKED_POSTS} posts. null but of `user`."
    )

    @staticmethod
    def resolve_received_like_count(user: CustomUser, info: Info) -> int | None:
        """Return the number that `get_profile` has read."""
        return getattr(user, "received_like_count", None)

    @staticmethod
    def resolve_post_count(user: CustomUser, info: Info) -> int | None:
        """Return the number that `get_profile` has read."""
        return getattr(user, "post_count", None)

    @staticmethod
    def resolve_id(user: CustomUser, info: Info) -> str:
        """Return the id, which stays when the user takes another name."""
        return user_id(user)


class MeType(ProfileType):
    """What a user sees of their own account."""

    class Meta:
        name = "Me"

    user_id = graphene.ID(required=True, description="The `id` of the user: for `node`.")
    email = graphene.String(required=True, description="Private: only the user sees it.")
    email_notifications = graphene.String(required=True, description=EMAIL_NOTIFICATIONS)
    time_zone = graphene.String(required=True, description=TIME_ZONE)
    role = graphene.String(required=True, description="member, moderator or administrator.")

    @staticmethod
    def resolve_user_id(user: CustomUser, info: Info) -> str:
        """Return the id of this user for everybody."""
        return user_id(user)


class SessionType(graphene.ObjectType):
    """A login of the user, in a browser or a program."""

    class Meta:
        name = "Session"

    id = graphene.ID(required=True)
    created_on = graphene.DateTime(required=True)
    last_used_on = graphene.DateTime(required=True)
    user_agent = graphene.String(required=True, description="May be empty.")
    current = graphene.Boolean(required=True, description="Whether this request belongs to it.")

    @staticmethod
    def resolve_id(family: TokenFamily, info: Info) -> str:
        """Return the random name of the token family."""
        return str(family.name)

    @staticmethod
    def resolve_current(family: TokenFamily, info: Info) -> bool:
        """Return whether the request has a token or cookie of this session."""
        return login.is_current(family, info.context)


class SessionConnection(relay.Connection):
    """A page of sessions, newest first."""

    class Meta:
        node = SessionType


class AccountQueries(graphene.ObjectType):
    """The queries that read accounts."""

    me = graphene.Field(MeType, description="The current user; null if anonymous.")
    user = graphene.Field(UserType, username=graphene.String(required=True))
    users = graphene.List(
        graphene.NonNull(UserType),
        required=True,
        description="Users with a name that begins so, the best first; needs a login.",
        q=graphene.String(required=True),
        first=graphene.Int(description=f"At most {MAX_PAGE_SIZE}; {MOST_FOUND} if absent."),
    )
    sessions = graphene.Field(
        SessionConnection,
        required=True,
        description="The sessions of the current user.",
        **connection_arguments(),
    )

    @staticmethod
    def resolve_me(root: None, info: Info) -> CustomUser | None:
        """Return the current user, read from the database; None if anonymous."""
        viewer = info.context.user
        return CustomUser.objects.get_active(viewer) if viewer.is_authenticated else None

    @staticmethod
    def resolve_users(root: None, info: Info, q: str, first: int = MOST_FOUND) -> list[CustomUser]:
        """Return the users that a search finds."""
        return CustomUser.objects.search(q, info.context.user, first)

    @staticmethod
    def resolve_sessions(root: None, info: Info, **page: Any) -> dict[str, Any]:
        """Return a page of the current user's sessions."""
        user = CustomUser.objects.get_logged_in(info.context.user)
        return connection(token_families.page(user, **page_request(**page)))

    @staticmethod
    def resolve_user(root: None, info: Info, username: str) -> Any:
        """Return the user who has this username, or had it in the last 90 days."""
        return get_profile(username, info.context.user)


class Register(DomainMutation):
    """Sign up: send a mail with a link, at each call. Known addresses get the same response."""

    class Arguments:
        email = graphene.String(required=True)
        invitation = graphene.String(description="The token of an invitation's link.")

    activation = graphene.String(
        description="The token to activate the account with, where an invitation is enough: on a "
        "site that sends no mails."
    )

    @staticmethod
    def mutate(root: None, info: Info, **fields: Any) -> "Register":
        """Send the mail, unless an invitation is enough."""
        return Register(activation=actions.sign_up(**fields) or None)


class Activate(DomainMutation):
    """Activate an account by the token of that link, which works once, within 48 hours."""

    class Arguments:
        token = graphene.String(required=True)
        password = graphene.String(required=True)
        username = graphene.String(description="Generated if absent.")
        reason = graphene.String(description="Why you want to join, where a moderator approves it.")

    waits = graphene.Boolean(description="Whether a moderator has to approve the account first.")

    @staticmethod
    def mutate(root: None, info: Info, **fields: Any) -> "Activate":
        """Activate the account."""
        return Activate(waits=not actions.activate(**fields).is_active)


class UpdateProfile(DomainMutation):
    """Change your profile. Absent arguments are not changed."""

    class Arguments:
        username = graphene.String()
        display_name = graphene.String()
        bio = graphene.String()
        email_notifications = graphene.String(description=EMAIL_NOTIFICATIONS)
        time_zone = graphene.String(description=TIME_ZONE)

    me = graphene.Field(MeType)

    @staticmethod
    def mutate(root: None, info: Info, **changes: Any) -> "UpdateProfile":
        """Change the profile of the current user."""
        return UpdateProfile(me=actions.update_profile(by=info.context.user, **changes))


class ChangePassword(DomainMutation):
    """Change your password, and end all other sessions. This one continues with `access`."""

    class Arguments:
        current_password = graphene.String(required=True)
        new_password = graphene.String(required=True)

    access = graphene.String(description="The new access token.")

    @staticmethod
    def mutate(root: None, info: Info, **passwords: Any) -> "ChangePassword":
        """Change the password, and log the user in again."""
        user = actions.change_password(by=info.context.user, **passwords)
        family = login.log_in_again(info.context, user)
        return ChangePassword(access=str(AccessToken.of(family)))


class EndSession(DomainMutation):
    """End one of your sessions."""

    class Arguments:
        id = graphene.ID(required=True)

    ended_id = graphene.ID()

    @staticmethod
    def mutate(root: None, info: Info, id: str) -> "EndSession":
        """End the session."""
        actions.end_session(by=info.context.user, name=token_families.parse_name(id))
        return EndSession(ended_id=id)


class EndAllSessions(DomainMutation):
    """Log out everywhere: end all of your sessions."""

    @staticmethod
    def mutate(root: None, info: Info) -> "EndAllSessions":
        """End the sessions, and delete the cookies of this one."""
        actions.end_all_sessions(by=info.context.user)
        login.log_out_browser(info.context)
        return EndAllSessions()


class AccountMutations(graphene.ObjectType):
    """The mutations that change accounts."""

    register = Register.Field(required=True)
    activate = Activate.Field(required=True)
    update_profile = UpdateProfile.Field(required=True)
    change_password = ChangePassword.Field(required=True)
    end_session = EndSession.Field(required=True)
    end_all_sessions = EndAllSessions.Field(required=True)
