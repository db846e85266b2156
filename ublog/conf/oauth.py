"""The settings of django-oauth-toolkit, by which programs of others get tokens: ADR 25."""

from datetime import timedelta
from typing import Any

APPS = ["oauth2_provider", "ublog.accounts.oauth"]
# False in a worker that runs by itself: it saves 10 MB. Set it before the settings are read.
is_needed = True
REFRESH_LIFETIME = timedelta(days=30)  # of a refresh token that is not used


def installed_apps() -> list[str]:
    """Return the Django apps of OAuth. They are installed on a site without OAuth, too: backups of
    one site then fit another."""
    return APPS if is_needed else []


def oauth(site_url: str) -> dict[str, Any]:
    """Return `OAUTH2_PROVIDER` of the site with this URL."""
    place = "ublog.accounts.oauth"
    return {
        "OAUTH2_VALIDATOR_CLASS": f"{place}.validator.Validator",
        "SCOPES_BACKEND_CLASS": f"{place}.scopes.ApplicationScopes",
        "ACCESS_TOKEN_GENERATOR": f"{place}.secrets.new_access_token",
        "REFRESH_TOKEN_GENERATOR": f"{place}.secrets.new_refresh_token",
        # Which clients send a verifier, the validator decides.
        "PKCE_REQUIRED": True,
        # A user reads the code from one screen and types it on another.
        "AUTHORIZATION_CODE_EXPIRE_SECONDS": 600,
        # Many programs cannot refresh. Users list and end what they have allowed.
        "ACCESS_TOKEN_EXPIRE_SECONDS": round(timedelta(days=365).total_seconds()),
        "REFRESH_TOKEN_EXPIRE_SECONDS": round(REFRESH_LIFETIME.total_seconds()),
        "ROTATE_REFRESH_TOKEN": True,
        "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 60,
        "REFRESH_TOKEN_REUSE_PROTECTION": True,
        "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http"],
        "OIDC_ISS_ENDPOINT": site_url,  # the issuer, also without OpenID Connect
        # RFC 9700, before the first token: tokens are stored as hashes, and never in a URL.
        **dict.fromkeys(
            (
                *("COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT", "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT"),
                *("COMPLIANT_BCP_RFC9700_PKCE_METHOD", "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE"),
                *("COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT",),
                *("COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS",),
                *("COMPLIANT_BCP_RFC9700_REFRESH_TOKEN", "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED"),
                *("COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING",),
            ),
            True,
        ),
    }
