"""Tokens: simplejwt's views, sub-classed so that the refresh token never leaves its cookie.

Who may call them, requirement A4: JSON only, and a browser only from our own pages, whatever token
it sends.
"""

from typing import Any

from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
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
from ublog.interfaces.rest.accounts import schema as docs
from ublog.interfaces.rest.parsers import OrjsonParser


class AuthView(APIView):
    """What all views about accounts have in common."""

    parser_classes = [OrjsonParser]
    needs_header = False  # those that act on the refresh cookie alone do

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method not in origins.SAFE_METHODS:
            check_sender(request, needs_header=self.needs_header)
        super().initial(request, *args, **kwargs)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


def check_sender(request: Request, *, needs_header: bool) -> None:
    """Raise PermissionDenied for what another site could have a browser send."""
    # Django's own server, in the browser tests, names a type where nothing is sent.
    sent = request.META.get("CONTENT_LENGTH") not in (None, "", "0")
    if sent and request.content_type.partition(";")[0] != "application/json":
        raise PermissionDenied("Send application/json.")
    # Everywhere else a bearer token proves enough; here it proves nothing.
    if origins.is_foreign(request._request):
        raise PermissionDenied("This was sent from another site.")
    if needs_header and not login.is_our_app(request):
        raise PermissionDenied("Send the header X-Ublog: 1.")


class LoginSerializer(TokenObtainSerializer):
    """E-mail and password of an active account, as they were typed."""

    cookies = serializers.BooleanField(default=True)
    default_error_messages = {"no_active_account": backends.LOGIN_FAILED}
    user: CustomUser  # found by simplejwt's validation

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = serializers.CharField(trim_whitespace=False)

    def validate(self, attrs: dict[str, Any]) -> dict[Any, Any]:
        super().validate(attrs)
        return {"user": self.user, "cookies": attrs["cookies"]}


@docs.token
class TokenView(AuthView, TokenObtainPairView):
    """E-mail and password for an access token in the body and a refresh token in a cookie."""

    authentication_classes = ()
    serializer_class = LoginSerializer

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        family = login.issue_tokens(request._request, **given.validated_data)
        return Response({"access": str(AccessToken.of(family))})


@docs.refresh
class RefreshView(AuthView, TokenRefreshView):
    """The refresh cookie for an access token; the answer sets the next cookie.

    It clears the cookies of a sign-in that is over, and no others: what this machine cannot read
    may be good on another one, which knows its key.
    """

    authentication_classes = ()
    needs_header = True

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        place = login.cookie_position(request._request)
        if place is None:
            raise NotAuthenticated("There is no refresh cookie, or it is not valid.")
        try:
            family = token_families.refresh(**place)
        except token_families.SessionOver:
            login.keep(request._request, None)  # the cookies are of no use any more
            raise
        login.keep(request._request, family)
        return Response({"access": str(AccessToken.of(family))})


@docs.logout
class LogoutView(AuthView):
    """Ends the sign-in of this browser, for the app and for the pages."""

    authentication_classes = ()
    needs_header = True

    def post(self, request: Request) -> Response:
        login.log_out_browser(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)
