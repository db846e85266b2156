"""Applications: an app registers itself, and asks how it is registered."""

from typing import Any

from django.core.exceptions import ValidationError

from ublog.accounts.oauth import actions
from ublog.accounts.oauth.models import Application
from ublog.core.exceptions import NotAuthenticated
from ublog.interfaces.mastodon.authentication import token_of
from ublog.interfaces.mastodon.requests import ApiRequest


def register(request: ApiRequest) -> Any:
    """Register an application. It gets codes, and tokens of its own, by OAuth."""
    try:
        made = actions.register(
            name=request.text("client_name"),
            scope=request.text("scopes"),
            # A list, or one text with white space between.
            redirect_uris=[uri for text in request.texts("redirect_uris") for uri in text.split()],
            for_mastodon=True,
        )
    except ValidationError as error:
        raise ValidationError(error.messages) from None  # its fields have other names here
    secrets = {"client_id": made.application.client_id, "client_secret": made.secret}
    website = request.text("website") or None
    return application_json(made.application) | secrets | {"website": website}


def verify(request: ApiRequest) -> Any:
    """Return the application that has the token of the request."""
    try:
        return application_json(actions.get_application(token_of(request.http)))
    except Application.DoesNotExist:
        raise NotAuthenticated from None


def application_json(application: Application) -> dict[str, Any]:
    """Return an application, without its secret."""
    uris = application.redirect_uris.split()
    return {
        "id": str(application.pk),
        "name": application.name,
        "website": None,
        "scopes": application.scopes.split(),
        "redirect_uris": uris,
        "redirect_uri": "\n".join(uris),
        "client_secret_expires_at": 0,
        "vapid_key": "",  # there are no push notifications
    }
