"""Every environment variable that μblog reads: its name, its default, and what it does.

`.env.example` and the table in docs/operations.md are made from this module: `make schemas`.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError


@dataclass(frozen=True)
class Variable:
    """A variable of the environment. Its type is that of its default."""

    name: str
    default: str | bool | int | list[str] | timedelta
    effect: str


SECTIONS = {
    "The site": [
        Variable(
            "UBLOG_SITE_URL",
            "http://127.0.0.1:8000",
            "The URL that people type. Links, cookies and the accepted hosts follow it; https "
            "makes cookies secure and sends HSTS.",
        ),
        Variable(
            "UBLOG_ALLOWED_HOSTS",
            [],
            "Other names of the site, separated by commas.",
        ),
        Variable(
            "UBLOG_INSECURE_HTTP",
            False,
            "Serve a public site over plain http, where passwords can be read on the way. Without "
            "it that is an error at the start; addresses and names of private networks do not "
            "need it.",
        ),
        Variable(
            "UBLOG_HSTS_SUBDOMAINS",
            False,
            "On https: whether HSTS, which tells browsers to stay with https for a year, also "
            "covers all names below this one. Each of them must then be served by https.",
        ),
        Variable(
            "UBLOG_HSTS_PRELOAD",
            False,
            "On https: whether browser makers may build HSTS for this site in (hstspreload.org), "
            "which is hard to undo.",
        ),
        Variable(
            "UBLOG_TRUSTED_PROXIES",
            0,
            "How many proxies of your own stand in front of the site. So many `X-Forwarded-For` "
            "entries are trusted, and from 1 on `X-Forwarded-Proto` and `X-Request-ID`.",
        ),
        Variable(
            "UBLOG_SITE_NAME",
            "",
            "The name of the site. By default the one in the site's settings, which an "
            "administrator changes in the browser; this variable overrules them.",
        ),
        Variable(
            "UBLOG_WHO_MAY_JOIN",
            "",
            "`open`, `approval`, `invitation` or `closed`. By default as the site's settings say.",
        ),
        Variable(
            "UBLOG_WHO_MAY_READ",
            "",
            "`everybody`, or `members` only. By default as the site's settings say.",
        ),
        Variable(
            "UBLOG_ANONYMOUS_POSTS",
            "",
            "Whether people may post without logging in: `on`, `held` (a moderator approves each "
            "post), or `off`. By default as the site's settings say.",
        ),
        Variable(
            "UBLOG_FIRST_POSTS",
            "",
            "`on`, or `held`: a moderator approves the posts of a new member, until one is "
            "published. By default as the site's settings say.",
        ),
        Variable(
            "UBLOG_REQUEST_LOG", True, "Whether a row of every request is stored, for 30 days."
        ),
        Variable(
            "UBLOG_LOG_FORMAT",
            "",
            "`json` or `text`. By default text where a person reads (debugging, a terminal, `make "
            "run`), else JSON.",
        ),
        Variable(
            "UBLOG_OAUTH",
            True,
            "Whether programs of others may register and, once a user allows it, act as the user.",
        ),
        Variable(
            "UBLOG_MASTODON",
            True,
            "Whether apps for Mastodon may be used, on phones for example. They log in by OAuth.",
        ),
        Variable(
            "UBLOG_METRICS_TOKEN",
            "",
            "The bearer token for `/metrics`. Without it that is a 404, and nothing is counted.",
        ),
        Variable(
            "SENTRY_DSN",
            "",
            "The Sentry project that errors are sent to. Needs the extra `sentry`.",
        ),
        Variable(
            "UBLOG_DEBUG",
            False,
            "Show pages that explain errors, with settings and code, to everybody: never use it "
            "where others can reach the site.",
        ),
        Variable(
            "UBLOG_COMPARE",
            "",
            "Whether `/compare/`, which shows and runs the five interfaces side by side, is there: "
            "`on` or `off`. By default only where UBLOG_SITE_URL is this machine. With it each "
            "response to a GET has a `Server-Timing`, which shows its time and its queries.",
        ),
        Variable(
            "UBLOG_SERVICE_WORKER",
            True,
            "Whether browsers keep the app and what was read last, so that it opens without a "
            "network. `off` removes what they have kept.",
        ),
        Variable(
            "UBLOG_VITE_PORT",
            0,
            "The port of Vite's own server, which `make dev` starts; 0 serves what is built.",
        ),
    ],
    "Secrets. Everybody who knows one can log in as anybody; a new one logs everybody out": [
        Variable(
            "UBLOG_SECRET_KEY",
            "",
            "Signs sessions and links; 32 bytes or more. `make run` creates it when it is missing.",
        ),
        Variable(
            "UBLOG_TOKEN_KEY",
            "",
            "Signs tokens; 32 bytes or more, and not the same as UBLOG_SECRET_KEY. `make run` "
            "creates it when it is missing.",
        ),
        Variable(
            "UBLOG_TOKEN_KEYS",
            [],
            "Several keys for tokens, to roll them: `id:key,id2:key2`. The first one signs, all "
            "verify. See docs/authentication.md.",
        ),
    ],
    "Databases, files and other servers": [
        Variable(
            "UBLOG_DATA_DIR",
            "",
            "The data directory: database, images, waiting tasks and secrets, unless other "
            "variables place them elsewhere. By default `data` in the checkout.",
        ),
        Variable(
            "DATABASE_URL",
            "",
            "`postgres://USER:PASSWORD@HOST:5432/NAME`, with `?pooler=on` behind a pooler of "
            "transactions such as PgBouncer, which may not know prepared statements. By default "
            "SQLite in the data directory.",
        ),
        Variable(
            "REDIS_URL",
            "",
            "`redis://HOST:6379/0`, for the cache, limits and tasks of several machines.",
        ),
        Variable(
            "CELERY_BROKER_URL",
            "",
            "`redis://…` or `amqp://…` for tasks. By default REDIS_URL when it is set, else files "
            "in the data directory.",
        ),
        Variable(
            "UBLOG_S3_BUCKET",
            "",
            "The bucket of an S3-compatible storage for images. By default they are in the data "
            "directory. Needs the extra `s3`, `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.",
        ),
        Variable(
            "UBLOG_S3_ENDPOINT",
            "",
            "The URL of a storage that is not Amazon's, such as `https://s3.example.org`.",
        ),
        Variable("UBLOG_S3_REGION", "", "The region of the bucket."),
        Variable(
            "UBLOG_BACKUP_DIR",
            "",
            "The directory of backups. By default `backups` in the data directory.",
        ),
        Variable(
            "UBLOG_BACKUP_EVERY",
            timedelta(days=1),
            "How often beat starts a backup, such as `7d` or `24h`; `0h` is never.",
        ),
        Variable("UBLOG_BACKUP_KEEP", 7, "How many of the backups that beat starts are kept."),
        Variable(
            "UBLOG_SMTP_URL",
            "",
            "How mails are sent: `smtp+starttls://USER:PASSWORD@HOST:587`, "
            "`smtps://USER:PASSWORD@HOST:465` or `smtp://HOST:25`. By default they are files in "
            "`mails` in the data directory, and are written to the log.",
        ),
        Variable(
            "UBLOG_MAIL_FROM",
            "",
            "The sender of mails. By default `NAME <noreply@HOST>`, with the name of the site and "
            "the host of UBLOG_SITE_URL.",
        ),
        Variable(
            "UBLOG_WEB_WORKERS", 0, "Web processes; 0 is half as many as there are processor cores."
        ),
        Variable("UBLOG_WEB_THREADS", 4, "Threads of each web process."),
    ],
    "How often: COUNT/PERIOD, or several of them separated by semicolons": [
        Variable("UBLOG_LIMIT_POST", "20/minute", "Posts of a user."),
        Variable(
            "UBLOG_LIMIT_ANONYMOUS_POST",
            "5/minute;30/hour",
            "Anonymous posts from one network: an IPv4 address, or a /64 of IPv6.",
        ),
        Variable("UBLOG_LIMIT_LIKE", "60/minute", "Likes and unlikes of a user."),
        Variable("UBLOG_LIMIT_PEOPLE", "120/minute", "Searches of people by a user."),
        Variable("UBLOG_LIMIT_MUTE", "60/minute", "Mutes of a user, set and removed."),
        Variable("UBLOG_LIMIT_REPORT", "20/hour", "Posts and users that a user reports."),
        Variable("UBLOG_LIMIT_BOOKMARK", "60/minute", "Bookmarks of a user, set and removed."),
        Variable("UBLOG_LIMIT_ARCHIVE", "3/day", "Archives of their data that a user requests."),
        Variable(
            "UBLOG_LIMIT_RENAME",
            "5/day",
            "New usernames of a user; the old one is reserved for 90 days.",
        ),
        Variable(
            "UBLOG_LIMIT_NOTIFICATIONS",
            "60/minute",
            "Times that a user marks notifications as read.",
        ),
        Variable(
            "UBLOG_LIMIT_IMAGE",
            "20/minute",
            "Images that are decoded, of a user or anonymous from one network; also those that "
            "turn out not to be acceptable, or that waited for others in vain (503).",
        ),
        Variable(
            "UBLOG_LIMIT_IMAGE_BYTES",
            "100000000/day",
            "Bytes of images of a user that are stored, renditions included.",
        ),
        Variable(
            "UBLOG_LIMIT_ANONYMOUS_IMAGE_BYTES",
            "20000000/day",
            "Bytes of anonymous images from one network that are stored, renditions included.",
        ),
        Variable(
            "UBLOG_LIMIT_SEARCH",
            "60/minute",
            "Searches of a user; each page of the results is one.",
        ),
        Variable(
            "UBLOG_LIMIT_ANONYMOUS_SEARCH", "30/minute", "Anonymous searches from one network."
        ),
        Variable(
            "UBLOG_LIMIT_SIGN_IN", "5/15minute", "Wrong passwords for one account from one network."
        ),
        Variable(
            "UBLOG_LIMIT_SIGN_IN_ADDRESS",
            "20/15minute",
            "Wrong passwords from one network, or from a browser that is known.",
        ),
        Variable(
            "UBLOG_LIMIT_LOGIN",
            "30/hour",
            "Successful logins, and confirmations by password, of one account.",
        ),
        Variable(
            "UBLOG_LIMIT_LOGIN_NETWORK",
            "600/hour",
            "Successful logins, and confirmations by password, from one network, such as a class.",
        ),
        Variable("UBLOG_LIMIT_INVITATION", "50/day", "Invitations that a user makes."),
        Variable("UBLOG_LIMIT_OAUTH_APP", "20/hour", "Programs registered from one network."),
        Variable("UBLOG_LIMIT_OAUTH_TOKEN", "120/minute", "OAuth tokens for one network."),
        Variable("UBLOG_LIMIT_PERSONAL_TOKEN", "50/day", "Tokens for programs that a user makes."),
        Variable(
            "UBLOG_LIMIT_COMPARE",
            "10/minute",
            "Runs of the comparison by a user, or anonymous from one network.",
        ),
        Variable(
            "UBLOG_LIMIT_COMPARE_SITE",
            "20/minute",
            "Runs of the comparison on this site. Each holds SQLite's write lock for up to 0.5 s.",
        ),
        Variable("UBLOG_LIMIT_BACKUP", "6/hour", "Backups that an administrator requests."),
        Variable(
            "UBLOG_LIMIT_TEST_MAIL", "20/hour", "Mails by which an administrator tests the SMTP."
        ),
        Variable("UBLOG_LIMIT_MAIL", "3/hour", "Requested mails to one e-mail address."),
        Variable("UBLOG_LIMIT_MAIL_ADDRESS", "100/hour", "Requested mails from one network."),
        Variable(
            "UBLOG_GRAPHQL_LIMITS",
            "",
            "The largest GraphQL document. What is not named keeps its default: "
            "`tokens=500,depth=10,aliases=20,root_fields=10,cost=5000`.",
        ),
    ],
    "How much": [
        Variable(
            "UBLOG_IMAGE_QUOTA_BYTES",
            2_000_000_000,
            "Bytes that all images of one user may take.",
        ),
        Variable(
            "UBLOG_DISK_RESERVE_BYTES",
            500_000_000,
            "Bytes of the disk that are kept free for texts: with less, an image is an error "
            "(507). Without effect with S3.",
        ),
        Variable(
            "UBLOG_IMAGE_DECODERS",
            1,
            "How many images are decoded at a time on a machine: each may take 250 MB of memory "
            "and a core.",
        ),
        Variable(
            "UBLOG_IMAGE_QUEUE",
            3,
            "How many threads of a web process may decode an image or wait for it: fewer than "
            "UBLOG_WEB_THREADS, so that the others go on serving. One more is a 503, try again.",
        ),
    ],
}
VARIABLES = {variable.name: variable for section in SECTIONS.values() for variable in section}
ON, OFF = ("true", "yes", "t", "y", "1"), ("false", "no", "f", "n", "0")
LIMIT_PREFIX = "UBLOG_LIMIT_"
PARSERS = {bool: "bool", int: "int", list: "list", str: "str", timedelta: "timedelta"}

env = Env()


def read(name: str) -> Any:
    """Return the value of a variable, or its default when it is not set or empty.

    Raise ImproperlyConfigured, in one line that names the variable, for a value of another type;
    KeyError for a variable that is not declared above.
    """
    default = VARIABLES[name].default
    if not env.str(name, ""):  # not of `os.environ`: `secrets.env` is read into `env` alone
        return default
    try:
        return getattr(env, PARSERS[type(default)])(name)
    except EnvError as error:
        raise ImproperlyConfigured(str(error)) from None


def read_choice(name: str, *choices: str) -> str:
    """Return the value of a variable, which is one of these; "" when it is not set.

    Where `on` and `off` are choices, so are the other words for them, as in an earlier release.
    Raise ImproperlyConfigured for another value.
    """
    value = str(read(name)).strip().lower()
    if "on" in choices and value in (*ON, *OFF):
        value = "on" if value in ON else "off"
    if value and value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    return value


def read_limits() -> dict[str, str]:
    """Return the limits by name, such as `anonymous_post`, in the notation of the `limits` library.

    https://limits.readthedocs.io/en/stable/quickstart.html#rate-limit-string-notation
    """
    names = [name for name in VARIABLES if name.startswith(LIMIT_PREFIX)]
    return {name.removeprefix(LIMIT_PREFIX).lower(): read(name) for name in names}
