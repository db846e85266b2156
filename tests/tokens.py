"""Access tokens for tests."""

from ublog.accounts import token_families
from ublog.interfaces.auth.tokens import AccessToken


def bearer(person) -> dict[str, str]:
    """Return the Authorization header of a user who has just logged in."""
    return {"Authorization": f"Bearer {AccessToken.of(token_families.start(user=person))}"}
