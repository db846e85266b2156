"""The Content-Security-Policy of a response is the one that django-csp builds for it."""

from csp.constants import HEADER
from csp.decorators import csp_exempt, csp_update
from csp.middleware import CSPMiddleware
from django.http import HttpResponse

from ublog.core.observability.middleware import content_security_policy


def own(request):
    response = HttpResponse()
    response[HEADER] = "sandbox"
    return response


def rules(middleware, view, rf):
    return {*middleware(view)(rf.get("/")).get(HEADER, "").split("; ")}


def test_it_is_what_django_csp_builds(rf):
    def plain(request):
        return HttpResponse()

    changed = csp_update({"style-src": ["'self'", "'unsafe-inline'"]})(plain)
    for view in (plain, changed, csp_exempt()(plain), own):
        assert rules(content_security_policy, view, rf) == rules(CSPMiddleware, view, rf)
    assert "style-src 'self' 'unsafe-inline'" in rules(content_security_policy, changed, rf)
    assert rules(content_security_policy, own, rf) == {"sandbox"}
