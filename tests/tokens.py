"""Access tokens for tests."""

from ublog.accounts import sessions
from ublog.interfaces.rest.tokens import AccessToken


def bearer(person) -> dict[str, str]:
    """The header of someone who has just signed in."""
    return {"Authorization": f"Bearer {AccessToken.of(sessions.start(user=person))}"}
