"""The URLs of OAuth, with and without the last slash: clients differ, and a redirect loses forms.

Only these: `oauth2_provider.urls` has many more.
"""

from django.urls import re_path

from ublog.interfaces.oauth import views
from ublog.interfaces.oauth.authorize import AuthorizeView

urlpatterns = [
    re_path(r"oauth/authorize/?$", AuthorizeView.as_view(), name="oauth-authorize"),
    re_path(r"oauth/token/?$", views.token),
    re_path(r"oauth/revoke/?$", views.revoke),
    re_path(r"oauth/register/?$", views.register),
    re_path(r"\.well-known/oauth-authorization-server/?$", views.metadata),
]
