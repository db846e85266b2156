"""Tokens: simplejwt's views, with the refresh token in a cookie only.

Requirement A4: they take JSON only, and from a browser only what our own pages send, also with a
token.
"""

from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.serializers import TokenObtainSerializer
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from ublog.accounts import backends, token_families
from ublog.accounts.models import CustomUser
from ublog.core.exceptions import NotAuthenticated
from ublog.interfaces.auth import login
from ublog.interfaces.auth.tokens import AccessToken
from ublog.interfaces.http import origins
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.accounts.serializers import AccessTokenSerializer
from ublog.interfaces.rest.parsers import OrjsonParser


class AuthView(APIView):
    """Base of all views of accounts: check the sender, and forbid caches to store responses."""

    parser_classes = [OrjsonParser]
    needs_header = False  # True for what is authenticated by the refresh cookie alone
    error_statuses = {403}  # for the OpenAPI document

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method not in origins.SAFE_METHODS:
            json_only = FormParser not in self.parser_classes
            check_sender(request, json_only=json_only, needs_header=self.needs_header)
        super().initial(request, *args, **kwargs)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class MemberView(AuthView):
    """Base of views for users who are logged in, which take forms, too."""

    parser_classes = [OrjsonParser, FormParser]


class RestrictedView(MemberView):
    """Base of views that not every user or program may use: reads, too, may respond with 403."""

    read_error_statuses = {403}  # for the OpenAPI document


def check_sender(request: Request, *, json_only: bool, needs_header: bool) -> None:
    """Raise PermissionDenied for what a browser could send for another site."""
    # Django's own server, in the browser tests, names a type where nothing is sent.
    sent = request.META.get("CONTENT_LENGTH") not in (None, "", "0")
    if sent and json_only and request.content_type.partition(";")[0] != "application/json":
        raise PermissionDenied("Send application/json.")
    # Elsewhere a bearer token proves that no other site sent the request, but not here.
    if origins.is_foreign(request._request):
        raise PermissionDenied("This was sent from another site.")
    if needs_header and not login.is_our_app(request):
        raise PermissionDenied("Send the header X-Ublog: 1.")


class LoginSerializer(TokenObtainSerializer):
    """Validate e-mail address and password of an active account, untrimmed."""

    cookies = serializers.BooleanField(
        default=True, help_text="false: return an access token, and set no refresh cookie."
    )
    default_error_messages = {"no_active_account": backends.LOGIN_FAILED}
    user: CustomUser  # set by simplejwt's validation

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = serializers.CharField(trim_whitespace=False)

    def validate(self, attrs: dict[str, Any]) -> dict[Any, Any]:
        try:
            super().validate(attrs)
        except ValidationError as suspended:
            raise PermissionDenied(suspended.messages[0]) from None
        return {"user": self.user, "cookies": attrs["cookies"]}


class TokenView(AuthView, TokenObtainPairView):
    authentication_classes = ()
    serializer_class = LoginSerializer
    error_statuses = {401, 403}

    @extend_schema(
        request=LoginSerializer, parameters=[schema.FROM_APP], responses=AccessTokenSerializer
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Log in.

        The response sets the cookies `__Host-refresh` (HttpOnly, SameSite=Strict) and
        `__Host-signed_in` (readable, no secret); on plain http their names begin with
        `ublog_PORT_`.
        """
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        family = login.issue_tokens(request._request, **serializer.validated_data)
        return Response({"access": str(AccessToken.of(family))})


class RefreshView(AuthView, TokenRefreshView):
    authentication_classes = ()
    needs_header = True
    error_statuses = {401, 403, 409}

    @extend_schema(
        request=None, parameters=schema.WITH_COOKIE, responses={200: AccessTokenSerializer}
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Get a new access token.

        By the refresh cookie alone. The response sets the cookies, as at log-in.
        """
        position = login.refresh_token_position(request._request)
        # The cookies stay: a server that knows another key may be able to read them.
        if position is None:
            raise NotAuthenticated("There is no refresh cookie, or it is not valid.")
        try:
            family = token_families.refresh(**position)
        except token_families.SessionOver:
            login.clear_cookies(request._request)
            raise
        login.send_cookies(request._request, family)
        return Response({"access": str(AccessToken.of(family))})


class LogoutView(AuthView):
    authentication_classes = ()
    needs_header = True

    @extend_schema(request=None, parameters=schema.WITH_COOKIE, responses={204: None})
    def post(self, request: Request) -> Response:
        """Log out.

        Of the app and the pages, in this browser; clear the cookies.
        """
        login.log_out_browser(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)
