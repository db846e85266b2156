"""All URLs of the site, which docs/architecture.md lists and explains."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from ublog.interfaces.graphql.view import graphql_view
from ublog.interfaces.pages.accounts import views as accounts
from ublog.interfaces.pages.site import looks, media
from ublog.interfaces.previews import oembed, sitemaps
from ublog.operations import health
from ublog.operations.metrics import metrics

admin.site.site_header = admin.site.site_title = "μblog"

handler400 = "ublog.interfaces.http.error_handlers.bad_request"
handler403 = "ublog.interfaces.http.error_handlers.permission_denied"
handler404 = "ublog.interfaces.http.error_handlers.page_not_found"
handler500 = "ublog.interfaces.http.error_handlers.server_error"

oauth_urls = [path("", include("ublog.interfaces.oauth.urls"))] if settings.OAUTH else []
mastodon_urls = [path("", include("ublog.interfaces.mastodon.urls"))] if settings.MASTODON else []
urlpatterns = [
    path("fbv/", include("ublog.interfaces.pages.functions.urls", namespace="fbv")),
    path("cbv/", include("ublog.interfaces.pages.classes.urls", namespace="cbv")),
    path("api/fbv/", include("ublog.interfaces.rest.functions.urls")),
    path("api/cbv/", include("ublog.interfaces.rest.viewsets.urls")),
    path("api/moderation/", include("ublog.interfaces.rest.moderation.urls")),
    path("graphql/", graphql_view, name="graphql"),
    path("accounts/", include("ublog.interfaces.pages.accounts.urls")),
    path("feeds/", include("ublog.interfaces.feeds.urls")),
    path("moderation/", include("ublog.interfaces.pages.moderation.urls")),
    # What comes after those tries each of its forty routes.
    *mastodon_urls,
    path("api/", include("ublog.interfaces.rest.urls")),
    path("oembed/", oembed.oembed, name="oembed"),
    path("", include(sitemaps)),
    path("unsub/<str:token>/", accounts.unsubscribe),
    *oauth_urls,
    path("media/<path:name>", media.image),
    path("site.css", looks.stylesheet, name="site-css"),
    # Django's own page would check the current password without a limit, and send no mail.
    path("admin/password_change/", RedirectView.as_view(pattern_name="accounts:password-change")),
    path("admin/", admin.site.urls),
    path("metrics", metrics),
    path("health/live/", health.live),
    path("health/ready/", health.ready),
    path("health/web/", health.web),
    path("", include("ublog.interfaces.compare.urls")),
    path("", include("ublog.interfaces.app.urls")),
]
