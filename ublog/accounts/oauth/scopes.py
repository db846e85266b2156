"""Which scopes an application may be granted: at most those that it has registered."""

from typing import Any

from oauth2_provider.scopes import BaseScopes

from ublog.accounts import scopes
from ublog.accounts.oauth.mastodon_scopes import OF_APPLICATIONS
from ublog.accounts.oauth.models import Application


class ApplicationScopes(BaseScopes):  # type: ignore[misc]
    def get_all_scopes(self) -> dict[str, str]:
        return OF_APPLICATIONS

    def get_available_scopes(self, application: Application, *args: Any, **kwargs: Any) -> Any:
        registered = application.scopes.split()
        return [scope for scope in OF_APPLICATIONS if scopes.includes(registered, scope)]

    def get_default_scopes(self, application: Application, *args: Any, **kwargs: Any) -> list[str]:
        """Return what a request without a scope means: django-oauth-toolkit would grant all."""
        available = self.get_available_scopes(application)
        return [scopes.READ] if scopes.READ in available else available[:1]
