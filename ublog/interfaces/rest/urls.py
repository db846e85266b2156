"""What both REST styles share: tokens, accounts, and the OpenAPI document."""

from csp.decorators import csp_update
from django.urls import path
from drf_spectacular.views import (
    SpectacularAPIView,
    SpectacularRedocView,
    SpectacularSwaggerSplitView,
)

from ublog.interfaces.rest.accounts import views as accounts
from ublog.interfaces.rest.auth_views import LogoutView, RefreshView, TokenView

# Swagger UI and Redoc write styles into their pages; the policy for scripts stays strict.
viewer = csp_update({"style-src": ["'self'", "'unsafe-inline'"], "worker-src": ["'self'", "blob:"]})
# Their response to OPTIONS would need a template that does not exist.
READ = ["get", "head"]
swagger = SpectacularSwaggerSplitView.as_view(url_name="schema", http_method_names=READ)
redoc = SpectacularRedocView.as_view(
    url_name="schema", template_name="redoc.html", http_method_names=READ
)

urlpatterns = [
    path("auth/token/", TokenView.as_view()),
    path("auth/token/refresh/", RefreshView.as_view()),
    path("auth/token/logout/", LogoutView.as_view()),
    path("auth/register/", accounts.RegisterView.as_view()),
    path("auth/register/resend/", accounts.RegisterView.as_view()),
    path("auth/activate/", accounts.ActivateView.as_view()),
    path("auth/password-reset/", accounts.PasswordResetView.as_view()),
    path("auth/password-reset/confirm/", accounts.PasswordResetConfirmView.as_view()),
    path("auth/password-change/", accounts.PasswordChangeView.as_view()),
    path("auth/email-change/", accounts.EmailChangeView.as_view()),
    path("auth/email-change/confirm/", accounts.EmailChangeConfirmView.as_view()),
    path("auth/sessions/", accounts.SessionsView.as_view()),
    path("auth/sessions/<uuid:name>/", accounts.SessionView.as_view()),
    path("profile/", accounts.ProfileView.as_view()),
    path("users/", accounts.UsersView.as_view()),
    path("users/<str:username>/", accounts.UserView.as_view()),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", viewer(swagger)),
    path("redoc/", viewer(redoc)),
]
