"""Whom and which conversations a user mutes, as a mixin of a view set and one of its own."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from ublog.blog import mute_actions
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.serializers import MutedSerializer, PostSerializer
from ublog.interfaces.rest.viewsets.etags import ETagMixin
from ublog.interfaces.rest.viewsets.reports import ReportUserMixin


class MuteMixin(ETagMixin):
    """Mute the conversation of a post."""

    @extend_schema(request=None, responses={200: PostSerializer})
    @action(detail=True, methods=["POST", "PUT", "DELETE"])
    def mute(self, request: Request, pk: int) -> Response:
        """Mute the conversation of a post (PUT), show it again (DELETE), or toggle it (POST)."""
        by_method = {
            "PUT": mute_actions.mute,
            "DELETE": mute_actions.unmute,
            "POST": mute_actions.toggle_mute,
        }
        post = by_method[str(request.method)](post_id=pk, by=request.user)
        return self.instance_response(post)


class UserViewSet(ReportUserMixin, ViewSet):
    """Mute a user, or report them."""

    lookup_field = "username"
    lookup_value_converter = "str"

    @extend_schema(request=None, responses={200: MutedSerializer, 400: schema.error(400)})
    @action(detail=True, methods=["POST", "PUT", "DELETE"])
    def mute(self, request: Request, username: str) -> Response:
        """Mute a user (PUT), show the posts again (DELETE), or toggle it (POST)."""
        by_method: dict[str, Any] = {
            "PUT": mute_actions.mute_user,
            "DELETE": mute_actions.unmute_user,
            "POST": mute_actions.toggle_user_mute,
        }
        muted = by_method[str(request.method)](username=username, by=request.user)
        return Response({"username": username, "muted": muted})
