"""What both REST styles share: tokens, accounts, and the document that describes them."""

from csp.decorators import csp_update
from django.urls import path
from drf_spectacular.views import (
    SpectacularAPIView,
    SpectacularRedocView,
    SpectacularSwaggerSplitView,
)

from ublog.interfaces.rest.accounts import views as accounts
from ublog.interfaces.rest.auth_views import LogoutView, RefreshView, TokenView

# Both viewers write styles into their pages; scripts stay as strict as everywhere.
viewer = csp_update({"style-src": ["'self'", "'unsafe-inline'"], "worker-src": ["'self'", "blob:"]})
# They would answer OPTIONS with a page that has no template.
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
    path("users/<str:username>/", accounts.PersonView.as_view()),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", viewer(swagger)),
    path("redoc/", viewer(redoc)),
]
