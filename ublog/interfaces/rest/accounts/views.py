"""Accounts in REST: joining, passwords, the e-mail address, sign-ins, profiles."""

from uuid import UUID

from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.accounts import actions, token_families
from ublog.accounts.models import CustomUser
from ublog.blog.account_deletion import delete_account
from ublog.interfaces.auth import login
from ublog.interfaces.auth.tokens import AccessToken
from ublog.interfaces.http.query_params import PAGE_PARAMS, list_params
from ublog.interfaces.rest.accounts import schema as docs
from ublog.interfaces.rest.accounts import serializers as shapes
from ublog.interfaces.rest.auth_views import AuthView
from ublog.interfaces.rest.pagination import page_response

CHECK_MAIL = {"detail": "If this address can be used here, a mail is on its way to it."}


class AnonymousView(AuthView):
    """For people who are not signed in: whoever they are is not even asked."""

    authentication_classes = ()


def told(detail: dict[str, str], code: int = status.HTTP_202_ACCEPTED) -> Response:
    return Response(detail, status=code)


@docs.register
class RegisterView(AnonymousView):
    def post(self, request: Request) -> Response:
        actions.sign_up(**shapes.read(shapes.Address, request))
        return told(CHECK_MAIL)


@docs.activate
class ActivateView(AnonymousView):
    def post(self, request: Request) -> Response:
        actions.activate(**shapes.read(shapes.Activation, request))
        return told({"detail": "Your account is active: you can log in now."}, 200)


@docs.password_reset
class PasswordResetView(AnonymousView):
    def post(self, request: Request) -> Response:
        actions.request_password_reset(**shapes.read(shapes.Address, request))
        return told(CHECK_MAIL)


@docs.password_reset_confirm
class PasswordResetConfirmView(AnonymousView):
    def post(self, request: Request) -> Response:
        actions.reset_password(**shapes.read(shapes.NewPassword, request))
        return told({"detail": "Your password is changed: sign in with it."}, 200)


@docs.email_change_confirm
class EmailChangeConfirmView(AnonymousView):
    def post(self, request: Request) -> Response:
        actions.confirm_email_change(**shapes.read(shapes.LinkToken, request))
        return told({"detail": "Your e-mail address is changed: sign in with it."}, 200)


@docs.password_change
class PasswordChangeView(AuthView):
    def post(self, request: Request) -> Response:
        passwords = shapes.read(shapes.PasswordChange, request)
        user = actions.change_password(by=request.user, **passwords)
        family = login.log_in_again(request._request, user)
        return Response({"access": str(AccessToken.of(family))})


@docs.email_change
class EmailChangeView(AuthView):
    def post(self, request: Request) -> Response:
        actions.request_email_change(by=request.user, **shapes.read(shapes.EmailChange, request))
        return told(CHECK_MAIL)


@docs.sessions
class SessionsView(AuthView):
    def get(self, request: Request) -> Response:
        user = CustomUser.objects.get_active(request.user)
        page = token_families.page(user, **list_params(request.query_params, PAGE_PARAMS))
        shown = [shapes.show_session(family, request) for family in page.items]
        return page_response(page, shown, request)

    def delete(self, request: Request) -> Response:
        actions.end_all_sessions(by=request.user)
        login.log_out_browser(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


@docs.session
class SessionView(AuthView):
    def delete(self, request: Request, name: UUID) -> Response:
        family = token_families.get(CustomUser.objects.get_active(request.user), name)
        here = login.is_current(family, request)
        actions.end_session(by=request.user, name=name)
        if here:
            login.log_out_browser(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


@docs.profile
class ProfileView(AuthView):
    def get(self, request: Request) -> Response:
        return Response(shapes.show_self(CustomUser.objects.get_active(request.user)))

    def patch(self, request: Request) -> Response:
        changes = shapes.read(shapes.ProfileChange, request)
        return Response(shapes.show_self(actions.update_profile(by=request.user, **changes)))

    def delete(self, request: Request) -> Response:
        delete_account(by=request.user, **shapes.read(shapes.Leaving, request))
        login.log_out_browser(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


@docs.person
class PersonView(AuthView):
    def get(self, request: Request, username: str) -> Response:
        return Response(shapes.show_person(CustomUser.objects.get_by_username(username)))
