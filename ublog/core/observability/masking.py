"""What no log may hold: the secrets in the addresses of activation and reset, and line ends."""

import logging
import re

SECRET_PATHS = re.compile(r"(/(?:activate|password-reset|email-change)/).+", re.DOTALL)
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def mask_path(path: str) -> str:
    """The path without a secret that it ends in, on one line whatever was sent."""
    return UNPRINTABLE.sub(escaped, SECRET_PATHS.sub(hidden, path))


def hidden(secret: re.Match[str]) -> str:
    """What stands before it, and stars; a template would be read anew for each text."""
    return f"{secret[1]}***"


def escaped(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"


class HideSecrets(logging.Filter):
    """For all logs: Django's own name the path of what failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(mask(part) for part in record.args)
        return True


def mask(part: object) -> object:
    return SECRET_PATHS.sub(hidden, part) if isinstance(part, str) else part


# What a whole line of a log may hold somewhere: those paths, who opens an address such as
# redis://USER:PASSWORD@HOST, and bearer tokens.
SECRETS_IN_TEXT = (
    re.compile(r"(/(?:activate|password-reset|email-change)/)[^\s\"'<>\\]+"),
    re.compile(r"(://)[^@\s/\"]+(?=@)"),
    re.compile(r"(\bBearer\s+)[\w.~+/=-]+", re.IGNORECASE),
)


def hide(text: str) -> str:
    """The text without the secrets in it."""
    for secret in SECRETS_IN_TEXT:
        text = secret.sub(hidden, text)
    return text


def one_line(text: str) -> str:
    """The text on one line, whatever was sent."""
    return UNPRINTABLE.sub(escaped, text)


def summary(failure: object) -> str:
    """What an exception or another thing says, on one line and without secrets."""
    return hide(" ".join(str(failure).split()))
