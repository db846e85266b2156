"""The secrets of OAuth: tokens, and the secrets of applications.

Those that follow on a refresh token are derived from it. So a client that did not get the response
gets the same ones when it asks again, though the database has hashes only. The first ones are
derived from the code, so that they are found, and ended, when somebody sends it once more.
"""

from hashlib import sha256
from typing import Any

from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

ACCESS = "ublog_oauth_"
REFRESH = "ublog_refresh_"


def new_access_token(request: Any, refresh_token: bool = False) -> str:
    """Return a new access token for oauthlib's request."""
    if request.grant_type == "client_credentials":
        return ACCESS + get_random_string(64)
    return ACCESS + successor("access", sent_for(request))


def new_refresh_token(request: Any, refresh_token: bool = False) -> str:
    """Return a new refresh token for oauthlib's request."""
    return REFRESH + successor("refresh", sent_for(request))


def first_refresh_token(code: str) -> str:
    """Return the refresh token that a client gets for this code."""
    return REFRESH + successor("refresh", code)


def sent_for(request: Any) -> str:
    """Return the code or the refresh token that a client sends to get tokens."""
    is_refresh = request.grant_type == "refresh_token"
    return str(request.refresh_token if is_refresh else request.code)


def successor(kind: str, secret: str) -> str:
    """Return what follows on a code or a refresh token: nobody else can compute it."""
    return salted_hmac(f"ublog.oauth.{kind}", secret, algorithm="sha256").hexdigest()


def digest(secret: str) -> str:
    """Return the hash under which a random secret is stored. It needs no slow one."""
    return sha256(secret.encode()).hexdigest()


def matches(secret: str, stored: str) -> bool:
    return constant_time_compare(digest(secret), stored)
