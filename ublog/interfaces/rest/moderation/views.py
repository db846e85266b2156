"""What moderators see and do, in REST."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.accounts import scopes
from ublog.blog import moderation, queue
from ublog.interfaces.http.query_params import page_params
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.accounts.serializers import validated
from ublog.interfaces.rest.auth_views import RestrictedView
from ublog.interfaces.rest.moderation import serializers
from ublog.interfaces.rest.pagination import paginated_response

DONE = {204: None}


def done() -> Response:
    return Response(status=status.HTTP_204_NO_CONTENT)


class ModerationView(RestrictedView):
    """Base of what moderators see and do: the token of a program needs the scope for it."""

    scope = scopes.MODERATE


class QueueView(ModerationView):
    @extend_schema(
        operation_id="moderation_queue",
        parameters=schema.PAGE_PARAMS,
        responses=serializers.QueueItemSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List what waits for the moderators, newest first."""
        page = queue.page(request.user, **page_params(request.query_params))
        results = [serializers.item_json(item, request.user) for item in page.items]
        return paginated_response(page, results, request)


class WaitingView(ModerationView):
    @extend_schema(operation_id="moderation_waiting", responses=serializers.WaitingSerializer)
    def get(self, request: Request) -> Response:
        """Count what waits for the moderators."""
        return Response({"count": queue.count(request.user)})


class PostActionView(ModerationView):
    @extend_schema(
        operation_id="moderate_post", request=serializers.PostActionSerializer, responses=DONE
    )
    def post(self, request: Request, pk: int) -> Response:
        """Do something about a post, as a moderator."""
        data = validated(serializers.PostActionSerializer, request)
        moderation.moderate_post(post_id=pk, by=request.user, **data)
        return done()


class UserActionView(ModerationView):
    @extend_schema(
        operation_id="moderate_user", request=serializers.UserActionSerializer, responses=DONE
    )
    def post(self, request: Request, username: str) -> Response:
        """Do something about a user, as a moderator."""
        data = validated(serializers.UserActionSerializer, request)
        moderation.moderate_user(username=username, by=request.user, **data)
        return done()


class ApplicationActionView(ModerationView):
    @extend_schema(
        operation_id="moderate_application",
        request=serializers.ApplicationActionSerializer,
        responses=DONE,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Let somebody join, or delete the account, as a moderator."""
        data = validated(serializers.ApplicationActionSerializer, request)
        moderation.moderate_application(application_id=pk, by=request.user, **data)
        return done()


class LogView(ModerationView):
    @extend_schema(
        operation_id="moderation_log",
        parameters=schema.PAGE_PARAMS,
        responses=serializers.LogEntrySerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List what moderators did, newest first."""
        page = moderation.log_page(request.user, **page_params(request.query_params))
        entries = serializers.LogEntrySerializer(page.items, many=True)
        return paginated_response(page, list(entries.data), request)


class CleanupsView(ModerationView):
    @extend_schema(
        operation_id="moderation_deletions",
        responses=serializers.CleanupsSerializer,
    )
    def get(self, request: Request) -> Response:
        """List the latest large deletions, with how far they are."""
        found = moderation.list_cleanups(request.user)
        return Response(serializers.CleanupsSerializer({"results": found}).data)


class BlocksView(ModerationView):
    @extend_schema(
        operation_id="moderation_blocks",
        responses=serializers.BlocksSerializer,
    )
    def get(self, request: Request) -> Response:
        """List the e-mail domains and networks that are blocked."""
        found = moderation.list_blocks(request.user)
        return Response(serializers.BlocksSerializer({"results": found}).data)

    @extend_schema(
        operation_id="moderation_block", request=serializers.BlockSourceSerializer, responses=DONE
    )
    def post(self, request: Request) -> Response:
        """Block an e-mail domain, or the network of an IP address."""
        moderation.block(by=request.user, **validated(serializers.BlockSourceSerializer, request))
        return done()


class BlockView(ModerationView):
    @extend_schema(operation_id="moderation_allow", responses=DONE)
    def delete(self, request: Request, pk: int) -> Response:
        """End a block."""
        moderation.allow(by=request.user, block_id=pk)
        return done()
