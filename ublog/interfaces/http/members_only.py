"""What programs without a log-in get on a site that only its members read."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from ublog.core.exceptions import MembersOnly

View = Callable[..., HttpResponse]


def unauthorized_for_visitors(view: View) -> View:
    """Respond with 401 and a sentence where pages lead to the log-in, which helps no program."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except MembersOnly as error:
            headers = {"WWW-Authenticate": 'Bearer realm="api"'}
            return HttpResponse(str(error), status=401, content_type="text/plain", headers=headers)

    return wrapped
