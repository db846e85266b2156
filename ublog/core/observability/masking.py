"""Remove from logs what they must not hold: secrets, such as activation links, and line ends."""

import logging
import re

PLACES = "activate|password-reset|email-change|set-up|join|unsub"
SECRET_PATHS = re.compile(rf"(/(?:{PLACES})/).+", re.DOTALL)
# A token of a program: `accounts.personal_tokens`.
PROGRAM_TOKEN = re.compile(r"(ublog_)[A-Za-z0-9_]{20,}")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def mask_path(path: str) -> str:
    """Return the path on one line, without the secrets that it may hold."""
    return UNPRINTABLE.sub(escape, hide_tokens(SECRET_PATHS.sub(stars, path)))


def hide_tokens(text: str) -> str:
    """Return the text without the tokens of programs that are in it."""
    return PROGRAM_TOKEN.sub(stars, text) if "ublog_" in text else text


def stars(secret: re.Match[str]) -> str:
    """Return what stands before the secret, and stars: `re` would parse a template each time."""
    return f"{secret[1]}***"


def escape(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"


class HideSecrets(logging.Filter):
    """Mask secrets in the arguments of log records: Django logs the path of a failed request."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(mask_argument(part) for part in record.args)
        return True


def mask_argument(part: object) -> object:
    return hide_tokens(SECRET_PATHS.sub(stars, part)) if isinstance(part, str) else part


# Secrets anywhere in a line of a log: those paths, the user and password of a URL such as
# redis://USER:PASSWORD@HOST, and bearer tokens.
SECRETS_IN_TEXT = (
    re.compile(rf"(/(?:{PLACES})/)[^\s\"'<>\\]+"),
    re.compile(r"(://)[^@\s/\"]+(?=@)"),
    re.compile(r"(\bBearer\s+)[\w.~+/=-]+", re.IGNORECASE),
    PROGRAM_TOKEN,
)


def mask_secrets(text: str) -> str:
    """Return the text with the secrets in it replaced by stars."""
    for secret in SECRETS_IN_TEXT:
        text = secret.sub(stars, text)
    return text


def one_line(text: str) -> str:
    """Return the text with line ends and other control characters escaped."""
    return UNPRINTABLE.sub(escape, text)


def summary(failure: object) -> str:
    """Return the text of an exception or another object, on one line and without secrets."""
    return mask_secrets(" ".join(str(failure).split()))
