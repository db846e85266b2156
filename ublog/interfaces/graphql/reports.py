"""The mutations that report posts and users to the moderators."""

import graphene
from graphql import GraphQLResolveInfo as Info

from ublog.accounts.moderation_log import MAX_REASON
from ublog.blog import report_actions
from ublog.interfaces.graphql.accounts import UserType
from ublog.interfaces.graphql.errors import DomainMutation
from ublog.interfaces.graphql.post_types import PostType

REASON = f"For the moderators, at most {MAX_REASON} characters."


class ReportPost(DomainMutation):
    """Report a post to the moderators. Again it changes nothing."""

    class Arguments:
        id = graphene.ID(required=True)
        reason = graphene.String(required=True, description=REASON)

    post = graphene.Field(PostType)

    @staticmethod
    def mutate(root: None, info: Info, id: str, reason: str) -> "ReportPost":
        """Report the post."""
        post = report_actions.report(post_id=id, by=info.context.user, reason=reason)
        return ReportPost(post=post)


class ReportUser(DomainMutation):
    """Report a user to the moderators. Again it changes nothing."""

    class Arguments:
        username = graphene.String(required=True)
        reason = graphene.String(required=True, description=REASON)

    user = graphene.Field(UserType)

    @staticmethod
    def mutate(root: None, info: Info, username: str, reason: str) -> "ReportUser":
        """Report the user."""
        by = info.context.user
        user = report_actions.report_user(username=username, by=by, reason=reason)
        return ReportUser(user=user)


class ReportMutations(graphene.ObjectType):
    """The mutations that report."""

    report_post = ReportPost.Field(required=True)
    report_user = ReportUser.Field(required=True)
