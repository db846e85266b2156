"""Whom and which conversations a user mutes, by function views."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.blog import mute_actions
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.serializers import MutedSerializer, PostSerializer, post_response


@extend_schema(request=None, responses={200: PostSerializer})
@api_view(["POST", "PUT", "DELETE"])
def post_mute(request: Request, pk: int) -> Response:
    """Mute the conversation of a post (PUT), show it again (DELETE), or toggle it (POST)."""
    by_method = {
        "PUT": mute_actions.mute,
        "DELETE": mute_actions.unmute,
        "POST": mute_actions.toggle_mute,
    }
    post = by_method[str(request.method)](post_id=pk, by=request.user)
    return post_response(post, request.user)


@extend_schema(request=None, responses={200: MutedSerializer, 400: schema.error(400)})
@api_view(["POST", "PUT", "DELETE"])
def user_mute(request: Request, username: str) -> Response:
    """Mute a user (PUT), show the posts again (DELETE), or toggle it (POST)."""
    by_method = {
        "PUT": mute_actions.mute_user,
        "DELETE": mute_actions.unmute_user,
        "POST": mute_actions.toggle_user_mute,
    }
    muted = by_method[str(request.method)](username=username, by=request.user)
    return Response({"username": username, "muted": muted})
