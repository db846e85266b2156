"""What both REST styles share: tokens, accounts, and the OpenAPI document."""

from csp.decorators import csp_update
from django.urls import path
from drf_spectacular.views import (
    SpectacularAPIView,
    SpectacularRedocView,
    SpectacularSwaggerSplitView,
)

from ublog.interfaces.rest import site
from ublog.interfaces.rest.accounts import (
    allowed_applications,
    own_data,
    people,
    personal_tokens,
)
from ublog.interfaces.rest.accounts import views as accounts
from ublog.interfaces.rest.auth_views import LogoutView, RefreshView, TokenView
from ublog.interfaces.rest.mutes import MutesView
from ublog.interfaces.rest.root import root

# Swagger UI and Redoc write styles into their pages; the policy for scripts stays strict.
viewer = csp_update({"style-src": ["'self'", "'unsafe-inline'"], "worker-src": ["'self'", "blob:"]})
# Their response to OPTIONS would need a template that does not exist.
READ = ["get", "head"]
swagger = SpectacularSwaggerSplitView.as_view(
    url_name="schema", template_name="compare/swagger.html", http_method_names=READ
)
redoc = SpectacularRedocView.as_view(
    url_name="schema", template_name="redoc.html", http_method_names=READ
)

urlpatterns = [
    path("", root, name="api-root"),
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
    path("auth/personal-tokens/", personal_tokens.PersonalTokensView.as_view()),
    path("auth/personal-tokens/<int:pk>/", personal_tokens.PersonalTokenView.as_view()),
    path("auth/allowed-applications/", allowed_applications.AllowedApplicationsView.as_view()),
    path(
        "auth/allowed-applications/<int:pk>/", allowed_applications.AllowedApplicationView.as_view()
    ),
    path("profile/", accounts.ProfileView.as_view()),
    path("profile/avatar/", people.AvatarView.as_view()),
    path("profile/data/", own_data.OwnDataView.as_view()),
    path("profile/data/archive/", own_data.ArchiveView.as_view()),
    path("users/", people.UsersView.as_view()),
    path("users/<str:username>/", people.UserView.as_view(), name="api-user"),
    path("mutes/", MutesView.as_view()),
    path("site/", site.SiteView.as_view()),
    path("invitations/", site.InvitationsView.as_view()),
    path("invitations/<int:pk>/", site.InvitationView.as_view()),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", viewer(swagger)),
    path("redoc/", viewer(redoc)),
]
