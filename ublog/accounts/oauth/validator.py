"""What django-oauth-toolkit shall check, beyond what it does by itself."""

from typing import Any

from django.db import transaction
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.common import Request

from ublog.accounts.oauth import actions, secrets
from ublog.accounts.oauth.models import Application


class Validator(OAuth2Validator):  # type: ignore[misc]
    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        """Return whether the secret is right. The library's way takes a second of CPU."""
        return secrets.matches(provided_secret, stored_secret)

    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        """Return whether the client has to send a verifier: RFC 9700, section 2.1.1.

        Of a client with a secret it is checked if it has sent a challenge.
        """
        return bool(request.client.client_type == Application.CLIENT_PUBLIC)

    def _create_authorization_code(self, request: Request, code: Any, expires: Any = None) -> Any:
        """Store the code, and that the user has allowed the application."""
        with transaction.atomic():
            scope = " ".join(request.scopes)
            actions.allow(user=request.user, application=request.client, scope=scope)
            return super()._create_authorization_code(request, code, expires)

    def validate_code(self, client_id: str, code: str, client: Any, request: Request) -> bool:
        """Return whether the code is valid, and its user may still log in the same way.

        The tokens of a code that was used already end: RFC 6749, section 4.1.2.
        """
        valid = super().validate_code(client_id, code, client, request)
        if not valid:
            actions.end_tokens_of_code(code, client)
        return valid and actions.is_allowed(request.user, client)

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Request) -> bool:
        """Return whether the token is valid, and its user may still log in the same way."""
        valid = super().validate_refresh_token(refresh_token, client, request)
        return bool(valid) and actions.is_allowed(request.user, client)

    def _save_bearer_token(self, token: Any, request: Request, *args: Any, **kwargs: Any) -> None:
        """Store the tokens. Within the grace, return those that followed on the refresh token.

        The library would return what it has stored, which is empty: it has hashes only.
        """
        sent = {name: token.get(name) for name in ("access_token", "refresh_token")}
        super()._save_bearer_token(token, request, *args, **kwargs)
        if request.grant_type == "client_credentials":
            actions.end_old_own_tokens(request.client)
        if not token["access_token"]:
            token.update(sent)
