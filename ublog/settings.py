"""The settings of μblog. Those that differ from site to site are read from the environment.

Defaults are safe: no debug and no known secret. `ublog/conf/variables.py` declares the variables;
`make run` and `ublog run` create the secrets that are missing.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

from ublog import paths
from ublog.conf import checks, oauth, sentry, variables
from ublog.conf.logging import configuration
from ublog.conf.openapi import openapi
from ublog.conf.schedule import schedule
from ublog.conf.service_urls import broker, check_scheme, database, mail, parts_of, queues
from ublog.conf.variables import read, read_choice

BASE_DIR = paths.ROOT


def token_keys() -> dict[str, str]:
    """Return the keys of tokens by key id: the first one signs, all verify.

    UBLOG_TOKEN_KEY, which `make run` creates, comes last, with the id 1. How to roll them:
    docs/authentication.md.
    """
    pairs: list[str] = read("UBLOG_TOKEN_KEYS")
    keys = {name: key for name, _, key in (pair.partition(":") for pair in pairs)}
    for number, key in enumerate(keys.values(), 1):
        checks.check_secret(f"UBLOG_TOKEN_KEYS (id:key,id2:key2), number {number},", key)
    if not keys or read("UBLOG_TOKEN_KEY"):
        keys.setdefault("1", required_secret("UBLOG_TOKEN_KEY"))
    return keys


def required_secret(name: str) -> str:
    """Return the variable's value. Raise ImproperlyConfigured unless it is good enough."""
    return checks.check_secret(
        name, read(name), f"`{paths.how_to('run', DATA_DIR)}` makes one in {SECRETS_FILE}"
    )


# -- Variables of the environment; what each does: ublog/conf/variables.py --------------------
DATA_DIR = Path(read("UBLOG_DATA_DIR") or paths.DEFAULT_DATA_DIR).expanduser().resolve()
SECRETS_FILE = DATA_DIR / "secrets.env"
if SECRETS_FILE.is_file():
    variables.env.read_env(SECRETS_FILE)

DEBUG: bool = read("UBLOG_DEBUG")
SECRET_KEY = required_secret("UBLOG_SECRET_KEY")
TOKEN_KEYS = token_keys()
SITE_URL: str = checks.ascii_url("UBLOG_SITE_URL", read("UBLOG_SITE_URL").rstrip("/"))
EXTRA_HOSTS = [
    checks.ascii_url("UBLOG_ALLOWED_HOSTS", name) for name in read("UBLOG_ALLOWED_HOSTS")
]
INSECURE_HTTP: bool = read("UBLOG_INSECURE_HTTP")
HSTS_SUBDOMAINS: bool = read("UBLOG_HSTS_SUBDOMAINS")
HSTS_PRELOAD: bool = read("UBLOG_HSTS_PRELOAD")
TRUSTED_PROXIES: int = read("UBLOG_TRUSTED_PROXIES")
# These five overrule the site's settings, which an administrator changes in the browser.
SITE_NAME: str = read("UBLOG_SITE_NAME")
WHO_MAY_JOIN: str = read_choice("UBLOG_WHO_MAY_JOIN", "open", "approval", "invitation", "closed")
WHO_MAY_READ: str = read_choice("UBLOG_WHO_MAY_READ", "everybody", "members")
ANONYMOUS_POSTS: str = read_choice("UBLOG_ANONYMOUS_POSTS", "on", "held", "off")
FIRST_POSTS: str = read_choice("UBLOG_FIRST_POSTS", "on", "held")
REQUEST_LOG: bool = read("UBLOG_REQUEST_LOG")
LOG_FORMAT: str = read("UBLOG_LOG_FORMAT")
OAUTH: bool = read("UBLOG_OAUTH")
MASTODON: bool = read("UBLOG_MASTODON")
METRICS_TOKEN: str = read("UBLOG_METRICS_TOKEN")
SENTRY_DSN: str = read("SENTRY_DSN")
VITE_PORT: int = read("UBLOG_VITE_PORT")
SERVICE_WORKER: bool = read("UBLOG_SERVICE_WORKER")
COMPARE_CHOICE: str = read_choice("UBLOG_COMPARE", "on", "off")

DATABASE_URL: str = read("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'ublog.sqlite3'}"
REDIS_URL: str = read("REDIS_URL")
CELERY_BROKER_URL: str = read("CELERY_BROKER_URL") or REDIS_URL or "filesystem://localhost"
# The keys are boto3's own: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
S3_BUCKET: str = read("UBLOG_S3_BUCKET")
S3_ENDPOINT: str = read("UBLOG_S3_ENDPOINT")
S3_REGION: str = read("UBLOG_S3_REGION")
BACKUP_DIR = Path(read("UBLOG_BACKUP_DIR") or DATA_DIR / "backups")
BACKUP_EVERY: timedelta = read("UBLOG_BACKUP_EVERY")
BACKUP_KEEP: int = read("UBLOG_BACKUP_KEEP")
SMTP_URL: str = read("UBLOG_SMTP_URL")
MAIL_FROM: str = read("UBLOG_MAIL_FROM")
LIMITS = variables.read_limits()
IMAGE_QUOTA_BYTES: int = read("UBLOG_IMAGE_QUOTA_BYTES")
DISK_RESERVE_BYTES: int = read("UBLOG_DISK_RESERVE_BYTES")
IMAGE_DECODERS: int = read("UBLOG_IMAGE_DECODERS")
IMAGE_QUEUE: int = read("UBLOG_IMAGE_QUEUE")
GRAPHQL_LIMITS = checks.graphql_limits(read("UBLOG_GRAPHQL_LIMITS"))

if REDIS_URL:
    check_scheme("REDIS_URL", REDIS_URL, "redis", "rediss", "unix")
checks.check_limits(LIMITS)
checks.check_positive(UBLOG_IMAGE_DECODERS=IMAGE_DECODERS, UBLOG_IMAGE_QUEUE=IMAGE_QUEUE)
if SECRET_KEY in TOKEN_KEYS.values():
    raise ImproperlyConfigured("UBLOG_TOKEN_KEY must differ from UBLOG_SECRET_KEY")

site = parts_of("UBLOG_SITE_URL", SITE_URL)
if site.scheme not in ("http", "https") or not site.hostname or site.path:
    raise ImproperlyConfigured(
        f"UBLOG_SITE_URL must look like https://blog.example.org, not {SITE_URL!r}"
    )
checks.check_site(site, insecure=INSECURE_HTTP or DEBUG)
checks.check_hosts(EXTRA_HOSTS)
HTTPS = site.scheme == "https"
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
host = checks.host_of(SITE_URL)
COMPARE = COMPARE_CHOICE == "on" or (not COMPARE_CHOICE and host in LOCAL_HOSTS)
ALLOWED_HOSTS = [*(LOCAL_HOSTS if host in LOCAL_HOSTS else [host]), *EXTRA_HOSTS]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_vite",
    "ublog.core",
    "ublog.accounts",
    "ublog.blog",
    "ublog.operations",
    *oauth.installed_apps(),
    "ublog.interfaces.pages",
    "ublog.interfaces.app",
    "ublog.interfaces.feeds",
    "ublog.interfaces.graphql",
    "ublog.interfaces.compare",
]

MIDDLEWARE = [
    "ublog.core.observability.middleware.request_context",
    "ublog.core.observability.request_metrics.count_requests",
    "ublog.core.observability.middleware.log_requests",
    "ublog.core.observability.middleware.content_security_policy",
    "ublog.interfaces.http.server_timing.ServerTimingMiddleware",
    "ublog.interfaces.http.middleware.HostAndSizeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ublog.interfaces.http.middleware.CompressionMiddleware",
    "ublog.interfaces.pages.site.query_count.QueryCountMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ublog.interfaces.auth.login.login_cookies",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ublog.interfaces.pages.site.error_pages.DomainErrorMiddleware",
]

ROOT_URLCONF = "ublog.urls"
WSGI_APPLICATION = "ublog.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

auth_context_processors = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES = [
    {  # the pages
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "ublog.interfaces.pages.site.environment.environment",
            "context_processors": [
                *auth_context_processors,
                "ublog.interfaces.pages.site.environment.template_context",
            ],
        },
    },
    {  # mails, the admin, and templates of libraries
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": auth_context_processors},
    },
]
FORM_RENDERER = "ublog.interfaces.pages.forms.Renderer"

DATABASES = {"default": database(DATABASE_URL, DATA_DIR)}

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# -- Background work: https://docs.celeryq.dev/en/stable/userguide/configuration.html --------
BROKER_DIR = DATA_DIR / "broker"
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT, CELERY_BROKER_TRANSPORT_OPTIONS = broker(
    CELERY_BROKER_URL, BROKER_DIR
)
CELERY_BROKER_HEARTBEAT = 10  # seconds; RabbitMQ only
CELERY_BROKER_CONNECTION_TIMEOUT = 2  # seconds
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for ever
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
# Beat's heartbeat does not wait behind other tasks.
CELERY_TASK_QUEUES = queues("celery", "beat")
CELERY_TASK_ROUTES = {
    "ublog.core.background.tasks.note_beat": {"queue": "beat", "routing_key": "beat"}
}
CELERY_BEAT_SCHEDULER = "ublog.run.scheduler:Scheduler"
CELERY_BEAT_SCHEDULE = schedule()

# -- Mail: https://docs.djangoproject.com/en/5.2/topics/email/ -------------------------------
# Without SMTP, mails are files in this directory, and are written to the log.
MAIL_DIR = None if SMTP_URL else DATA_DIR / "mails"
globals().update(mail(SMTP_URL))
MAIL_HOST = "localhost" if host in LOCAL_HOSTS else host
DEFAULT_FROM_EMAIL = MAIL_FROM or f"μblog <noreply@{MAIL_HOST}>"

# -- Accounts: https://docs.djangoproject.com/en/5.2/topics/auth/ ------------------------------
AUTH_USER_MODEL = "accounts.CustomUser"
AUTHENTICATION_BACKENDS = ["ublog.accounts.backends.EmailBackend"]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "fbv:list"
PASSWORD_HASHERS = [f"ublog.accounts.hashers.{n}PasswordHasher" for n in ("Argon2", "PBKDF2")]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "username", "display_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "ublog.accounts.passwords.MaximumLengthValidator"},
]

# -- Cookies and headers: https://docs.djangoproject.com/en/5.2/topics/security/ -------------
# A __Host- cookie is bound to this host and to https; browsers reject it on plain http. There the
# name contains the port, by which cookies are not isolated (RFC 6265, section 8.5).
COOKIE_PREFIX = "__Host-" if HTTPS else f"ublog_{site.port or 80}_"
SESSION_ENGINE = "ublog.accounts.session_backend"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 30 * 24 * 3600  # seconds, at most: it ends with its TokenFamily
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
REFRESH_COOKIE_NAME = f"{COOKIE_PREFIX}refresh"
HINT_COOKIE_NAME = f"{COOKIE_PREFIX}signed_in"  # readable by the app: who is logged in
BROWSER_COOKIE_NAME = f"{COOKIE_PREFIX}browser"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and HSTS_SUBDOMAINS
SECURE_HSTS_PRELOAD = HTTPS and HSTS_PRELOAD
SILENCED_SYSTEM_CHECKS = [
    # A site may share its domain with others that are still plain http, and a preload list is hard
    # to undo: subdomains and preload are off by default.
    *("security.W005", "security.W021"),
    # A refresh may be repeated though tokens are stored as hashes: accounts/oauth/secrets.py.
    "oauth2_provider.E001",
    # Plain http is for programs on the user's own machine (RFC 8252): oauth/actions.check_uris.
    "oauth2_provider.W008",
]
# Elsewhere browsers ignore it, with a warning in the console of every page:
# https://developer.mozilla.org/en-US/docs/Web/HTTP/Headers/Cross-Origin-Opener-Policy.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if HTTPS or host in LOCAL_HOSTS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "ublog.interfaces.http.message_storage.QuietCookieStorage"
CONTENT_SECURITY_POLICY = checks.content_security_policy(f"{host}:{VITE_PORT}" if VITE_PORT else "")

# -- Files: https://docs.djangoproject.com/en/5.2/ref/files/ ---------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = paths.static_root(DATA_DIR)
# What Vite has built. When developing, Vite's server serves all but images, which a page may load
# only from its own origin.
FRONTEND = BASE_DIR / "frontend"
ASSETS = ("src/assets", FRONTEND / "src" / "assets")
STATICFILES_DIRS = [ASSETS if VITE_PORT else FRONTEND / "dist"]
DJANGO_VITE = {
    "default": {
        "manifest_path": FRONTEND / "dist" / "manifest.json",
        "dev_mode": bool(VITE_PORT),
        "dev_server_host": host,
        "dev_server_port": VITE_PORT,
    }
}
# Names that change with the content: Vite's, and Django's.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/(assets/.+-[\w-]{8}|.+\.[0-9a-f]{12})\.\w+$"
# A quarter of the time of a first start: each file once, and no compressed source maps.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
# The longest text of all fields, percent-encoded as `%F0%9F%98%80`, and the rest of a form. Uploads
# have a limit of their own: ublog/interfaces/http/middleware.py.
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024  # bytes
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Of users' own data: not below MEDIA_ROOT, which everybody may read.
    "archives": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "archives",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "ublog.core.storage.static.StaticFiles"
        )
    },
}

if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "ublog.core.storage.s3.PrivateS3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": S3_ENDPOINT or None,
            "region_name": S3_REGION or None,
            "file_overwrite": False,
        },
    }
    # `/media/` serves no ZIP files, and the names are given to nobody.
    s3 = STORAGES["default"]
    STORAGES["archives"] = s3 | {"OPTIONS": s3["OPTIONS"] | {"location": "archives"}}

# -- Language and time -----------------------------------------------------------------------
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False  # pages are in English; looking up each value would cost a fifth of a page

# -- REST: https://www.django-rest-framework.org/api-guide/settings/ -------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "ublog.interfaces.auth.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["ublog.interfaces.auth.permissions.TokenHasScope"],
    "DEFAULT_RENDERER_CLASSES": [
        "ublog.interfaces.rest.renderers.OrjsonRenderer",
        "ublog.interfaces.rest.renderers.BrowsableRenderer",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "ublog.interfaces.rest.renderers.Negotiation",
    "DEFAULT_PARSER_CLASSES": [
        # In the order of the OpenAPI document: generators take the first, by which images are sent.
        "rest_framework.parsers.MultiPartParser",
        "ublog.interfaces.rest.parsers.OrjsonParser",
        "rest_framework.parsers.FormParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "ublog.interfaces.rest.schema.AutoSchema",
    "EXCEPTION_HANDLER": "ublog.interfaces.rest.errors.translate",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SIMPLE_JWT = {
    # Keys and lifetimes of refresh tokens: ublog/interfaces/auth/tokens.py.
    "ALGORITHM": "HS256",
    "SIGNING_KEY": next(iter(TOKEN_KEYS.values())),
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=5),
    "AUDIENCE": "ublog",
    "ISSUER": "ublog",
    "LEEWAY": 10,
    "TOKEN_USER_CLASS": "ublog.interfaces.auth.authentication.TokenUser",
}
SPECTACULAR_SETTINGS = openapi(SITE_URL, COMPARE)

# -- OAuth: https://django-oauth-toolkit.readthedocs.io/en/latest/settings.html ---------------
OAUTH2_PROVIDER = oauth.oauth(SITE_URL)
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth.Application"

# -- Logging ---------------------------------------------------------------------------------
LOGGING = configuration(LOG_FORMAT, DEBUG)
if SENTRY_DSN:
    sentry.start(SENTRY_DSN)
