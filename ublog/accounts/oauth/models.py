"""The applications of others that use OAuth, and which of them a user has allowed."""

from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils import timezone
from oauth2_provider.models import AbstractApplication

# "Show me the code": for programs in a terminal. django-oauth-toolkit no longer knows it.
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"


class Application(AbstractApplication):  # type: ignore[misc]
    """A program that has registered itself. Its secret is stored as a hash, by `secrets.digest`."""

    scopes = models.TextField(default="read", help_text="The most that it may be granted.")

    user = None  # programs register themselves
    objects: ClassVar["models.Manager[Application]"] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["created"], name="applications_by_age")]

    def allows_grant_type(self, *grant_types: str) -> bool:
        """Return whether it may use one of these: its own, as all may use codes."""
        own = {self.GRANT_AUTHORIZATION_CODE, self.authorization_grant_type}
        return not own.isdisjoint(grant_types)

    def redirect_uri_allowed(self, uri: str) -> bool:
        if uri == OUT_OF_BAND:
            return uri in self.redirect_uris.split()
        return bool(super().redirect_uri_allowed(uri))

    def get_allowed_schemes(self) -> list[str]:
        """Return the schemes of its redirect URIs, which were checked when it registered."""
        return [urlsplit(uri).scheme for uri in self.redirect_uris.split()]


class AllowedApplication(models.Model):
    """A user has allowed an application. Its tokens are valid as long as this row is current.

    It ends with the user's password or e-mail address, which `auth_hash` covers.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="allowed_applications"
    )
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="allowed")
    auth_hash = models.CharField(max_length=64, editable=False)
    scope = models.TextField(editable=False, help_text="What was granted last.")
    created_on = models.DateTimeField(default=timezone.now, editable=False)
    last_used_on = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("user", "application", name="one_row_of_an_application")
        ]

    def __str__(self) -> str:
        return f"application {self.application_id} of user {self.user_id}"

    @property
    def scopes(self) -> list[str]:
        return str(self.scope).split()
