"""All URLs of the site, which docs/architecture.md lists and explains."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from ublog.core.observability.metrics import metrics
from ublog.interfaces.graphql.view import BlogGraphQLView
from ublog.interfaces.pages.site import media, source
from ublog.operations import health

admin.site.site_header = admin.site.site_title = "μblog"

handler400 = "ublog.interfaces.http.error_handlers.bad_request"
handler403 = "ublog.interfaces.http.error_handlers.permission_denied"
handler404 = "ublog.interfaces.http.error_handlers.page_not_found"
handler500 = "ublog.interfaces.http.error_handlers.server_error"

urlpatterns = [
    path("fbv/", include("ublog.interfaces.pages.functions.urls", namespace="fbv")),
    path("cbv/", include("ublog.interfaces.pages.classes.urls", namespace="cbv")),
    path("api/fbv/", include("ublog.interfaces.rest.functions.urls")),
    path("api/cbv/", include("ublog.interfaces.rest.viewsets.urls")),
    path("api/", include("ublog.interfaces.rest.urls")),
    path("graphql/", BlogGraphQLView.as_view(graphiql=True)),
    path("accounts/", include("ublog.interfaces.pages.accounts.urls")),
    path("media/<path:name>", media.image),
    path("source/<str:name>/", source.source, name="source"),
    # Django's own page would check the current password without a limit, and send no mail.
    path("admin/password_change/", RedirectView.as_view(pattern_name="accounts:password-change")),
    path("admin/", admin.site.urls),
    path("metrics", metrics),
    path("health/live/", health.live),
    path("health/ready/", health.ready),
    path("health/web/", health.web),
    path("", include("ublog.interfaces.app.urls")),
]
