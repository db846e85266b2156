"""The page on which a user allows an application: RFC 6749, section 4.1.1."""

import logging
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, HttpResponse
from oauth2_provider.views import AuthorizationView

from ublog.accounts.oauth.models import OUT_OF_BAND
from ublog.core.observability.masking import one_line

log = logging.getLogger(__name__)


class AuthorizeView(AuthorizationView):  # type: ignore[misc]
    """The library's view with our page, and with the code on a page for programs in a terminal."""

    template_name = "oauth/authorize.html"
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Forbid caches to store the response; the URL of the page stays on this site."""
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "strict-origin"
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask the user, each time: RFC 8252, section 8.6.

        The library would ask nobody where a link says `approval_prompt=auto` and a token is stored:
        any site could open such a link, also after a change of password, which ends that token.
        """
        parameters = request.GET.copy()
        parameters.pop("approval_prompt", None)
        request.GET = parameters  # type: ignore[assignment]
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        """Render the page. Its form may lead to where the code is sent.

        Browsers apply the `form-action` of a page to redirects, too.
        """
        if error := context.get("error"):
            log.warning("OAuth request is not valid: %s", one_line(str(error))[:200])
        response: HttpResponse = super().render_to_response(context, **options)
        if source := form_action(context.get("redirect_uri", "")):
            response._csp_update = {"form-action": ["'self'", source]}  # type: ignore[attr-defined]
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show that the fields of the page were changed or lost."""
        error = {"description": "Fields of the page are missing."}
        return self.render_to_response(self.get_context_data(form=form, error=error), status=400)

    def redirect(self, redirect_to: str, application: Any) -> HttpResponse:
        """Send the code to the application, or show it."""
        if not redirect_to.startswith(OUT_OF_BAND):
            response: HttpResponse = super().redirect(redirect_to, application)
            return response
        sent = parse_qs(urlsplit(redirect_to).query)
        code, error = (sent.get(name, [""])[0] for name in ("code", "error"))
        context = self.get_context_data(code=code, rejected=error, application=application)
        return self.render_to_response(context)


def form_action(uri: str) -> str:
    """Return the source of the Content-Security-Policy for redirects to this URI; "" for none."""
    parts = urlsplit(uri)
    if not uri or uri == OUT_OF_BAND:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"
