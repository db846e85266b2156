"""Accounts in REST: sign up, passwords, the e-mail address, sessions, profiles."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.accounts import actions, token_families
from ublog.accounts.models import CustomUser
from ublog.blog.account_deletion import delete_account
from ublog.interfaces.auth import login
from ublog.interfaces.auth.tokens import AccessToken
from ublog.interfaces.http.query_params import PAGE_PARAMS, list_params
from ublog.interfaces.rest import schema
from ublog.interfaces.rest.accounts import serializers
from ublog.interfaces.rest.accounts.serializers import validated
from ublog.interfaces.rest.auth_views import AuthView, MemberView, RestrictedView
from ublog.interfaces.rest.pagination import paginated_response

CHECK_MAIL = "If this address can be used here, a mail is on its way to it."

WAITS = "Your account waits for a moderator, who has to approve it before you can log in."

ACTIVATE_NOW = "Activate your account now: choose a username and a password."


class AnonymousView(AuthView):
    """A view that ignores all credentials."""

    authentication_classes = ()


def detail_response(detail: str, code: int = status.HTTP_200_OK) -> Response:
    return Response({"detail": detail}, status=code)


class RegisterView(AnonymousView):
    @extend_schema(
        request=serializers.RegisterSerializer,
        responses={202: serializers.RegisteredSerializer, 403: schema.error(403)},
    )
    def post(self, request: Request) -> Response:
        """Sign up.

        Send the activation link by e-mail; sign up again to send it again. An `invitation` is
        needed where people join by invitation only. A closed site responds with 403.
        """
        activation = actions.sign_up(**validated(serializers.RegisterSerializer, request))
        if activation:
            content = {"detail": ACTIVATE_NOW, "activation": activation}
            return Response(content, status=status.HTTP_202_ACCEPTED)
        return detail_response(CHECK_MAIL, status.HTTP_202_ACCEPTED)


class ActivateView(AnonymousView):
    @extend_schema(
        request=serializers.ActivationSerializer,
        responses={200: serializers.DetailSerializer, 202: serializers.DetailSerializer},
    )
    def post(self, request: Request) -> Response:
        """Activate an account.

        The token of the link works once, for 48 hours. Where a moderator has to approve the
        account, the response is a 202.
        """
        user = actions.activate(**validated(serializers.ActivationSerializer, request))
        if user.is_active:
            return detail_response("Your account is active: you can log in now.")
        return detail_response(WAITS, status.HTTP_202_ACCEPTED)


class PasswordResetView(AnonymousView):
    @extend_schema(
        request=serializers.EmailSerializer, responses={202: serializers.DetailSerializer}
    )
    def post(self, request: Request) -> Response:
        """Request a link to set a new password.

        The response is the same whether or not the address has an account.
        """
        actions.request_password_reset(**validated(serializers.EmailSerializer, request))
        return detail_response(CHECK_MAIL, status.HTTP_202_ACCEPTED)


class PasswordResetConfirmView(AnonymousView):
    @extend_schema(
        request=serializers.NewPasswordSerializer, responses=serializers.DetailSerializer
    )
    def post(self, request: Request) -> Response:
        """Set a new password by the token of the link."""
        actions.reset_password(**validated(serializers.NewPasswordSerializer, request))
        return detail_response("Your password is changed: log in with it.")


class EmailChangeConfirmView(AnonymousView):
    @extend_schema(request=serializers.LinkTokenSerializer, responses=serializers.DetailSerializer)
    def post(self, request: Request) -> Response:
        """Confirm a new e-mail address by the token of the link."""
        actions.confirm_email_change(**validated(serializers.LinkTokenSerializer, request))
        return detail_response("Your e-mail address is changed: log in with it.")


class PasswordChangeView(AuthView):
    @extend_schema(
        request=serializers.PasswordChangeSerializer, responses=serializers.AccessTokenSerializer
    )
    def post(self, request: Request) -> Response:
        """Change your password.

        End every other session. The response sets the cookies, as at log-in.
        """
        passwords = validated(serializers.PasswordChangeSerializer, request)
        user = actions.change_password(by=request.user, **passwords)
        family = login.log_in_again(request._request, user)
        return Response({"access": str(AccessToken.of(family))})


class EmailChangeView(AuthView):
    @extend_schema(
        request=serializers.EmailChangeSerializer, responses={202: serializers.DetailSerializer}
    )
    def post(self, request: Request) -> Response:
        """Request a link to confirm a new e-mail address."""
        data = validated(serializers.EmailChangeSerializer, request)
        actions.request_email_change(by=request.user, **data)
        return detail_response(CHECK_MAIL, status.HTTP_202_ACCEPTED)


class SessionsView(RestrictedView):
    @extend_schema(
        parameters=schema.PAGE_PARAMS, responses=serializers.SessionSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """List your sessions, newest first."""
        user = CustomUser.objects.get_logged_in(request.user)
        page = token_families.page(user, **list_params(request.query_params, PAGE_PARAMS))
        context = {"request": request}
        sessions = serializers.SessionSerializer(page.items, many=True, context=context)
        return paginated_response(page, list(sessions.data), request)

    @extend_schema(operation_id="auth_sessions_end_all", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Log out everywhere."""
        actions.end_all_sessions(by=request.user)
        login.log_out_browser(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SessionView(AuthView):
    @extend_schema(operation_id="auth_sessions_end", responses={204: None})
    def delete(self, request: Request, name: UUID) -> Response:
        """End a session."""
        family = token_families.get(CustomUser.objects.get_logged_in(request.user), name)
        here = login.is_current(family, request)
        actions.end_session(by=request.user, name=name)
        if here:
            login.log_out_browser(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ProfileView(MemberView):
    @extend_schema(responses=serializers.OwnProfileSerializer)
    def get(self, request: Request) -> Response:
        """Read your profile."""
        user = CustomUser.objects.get_active(request.user)
        return Response(serializers.OwnProfileSerializer(user).data)

    @extend_schema(
        request=serializers.ProfileChangeSerializer, responses=serializers.OwnProfileSerializer
    )
    def patch(self, request: Request) -> Response:
        """Change your profile."""
        changes = validated(serializers.ProfileChangeSerializer, request)
        user = actions.update_profile(by=request.user, **changes)
        return Response(serializers.OwnProfileSerializer(user).data)

    @extend_schema(responses={204: None, 400: schema.error(400), 429: schema.error(429)})
    def delete(self, request: Request) -> Response:
        """Delete your account.

        Send `password`, and `posts`: "keep", which leaves your posts without an author, or
        "delete".
        """
        data = validated(serializers.AccountDeletionSerializer, request)
        delete_account(by=request.user, **data)
        login.log_out_browser(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)
