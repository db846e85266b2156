"""The settings of drf-spectacular, which makes the OpenAPI document."""

from typing import Any

COMPARISON = "The five interfaces of μblog compared: code, SQL, responses and cost."


def openapi(site_url: str, is_compared: bool) -> dict[str, Any]:
    """Return `SPECTACULAR_SETTINGS` of the site with this URL, which may have the comparison."""
    comparison = {"description": COMPARISON, "url": f"{site_url}/compare/"}
    return {
        # Swagger UI and Redoc show it as a link.
        "EXTERNAL_DOCS": comparison if is_compared else {},
        "OAS_VERSION": "3.1.1",
        "TITLE": "ublog",  # generators make the name of a package of it
        "DESCRIPTION": "The REST interfaces of μblog: the same posts as one function per operation "
        "under `/api/fbv/` and as a view set under `/api/cbv/`. URLs in responses have no host.",
        "VERSION": "1",
        "LICENSE": {"name": "MIT", "identifier": "MIT"},
        "CONTACT": {"name": "The operator of this site", "url": site_url},
        "SERVERS": [{"url": site_url, "description": "This site."}],
        "TAGS": [
            {"name": "auth", "description": "Log in, sign up, passwords and sessions."},
            {"name": "cbv", "description": "Posts as a view set."},
            {"name": "fbv", "description": "Posts as one function per operation."},
            {"name": "invitations", "description": "Links by which people join."},
            {"name": "mutes", "description": "What the user mutes."},
            {"name": "moderation", "description": "What moderators see and do."},
            {"name": "profile", "description": "The user's own account."},
            {"name": "schema", "description": "This document."},
            {"name": "site", "description": "The settings of the site, for administrators."},
            {"name": "users", "description": "What everybody sees of users."},
        ],
        "SERVE_INCLUDE_SCHEMA": False,
        "SWAGGER_UI_DIST": "SIDECAR",
        # As JavaScript, since `onComplete` is a function. Without a badge from another site.
        "SWAGGER_UI_SETTINGS": "{deepLinking: true, validatorUrl: null, tryItOutEnabled: true, "
        "onComplete: fillRequest}",
        "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
        "REDOC_DIST": "SIDECAR",
        "COMPONENT_SPLIT_REQUEST": True,
        "POSTPROCESSING_HOOKS": [
            "drf_spectacular.hooks.postprocess_schema_enums",
            "ublog.interfaces.rest.schema.unique_types",
        ],
        "SCHEMA_PATH_PREFIX": r"/api/",
        "ENUM_NAME_OVERRIDES": {"SegmentKind": "ublog.core.text_grammar.KINDS"},
    }
