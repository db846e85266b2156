"""What no log may hold: the secrets in the addresses of activation and reset, and line ends."""

import logging
import re

SECRET_PATHS = re.compile(r"(/(?:activate|password-reset|email-change)/).+", re.DOTALL)
IN_URL = re.compile(r"(?<=://)[^/\s@]*@")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def mask_path(path: str) -> str:
    """The path without a secret that it ends in, on one line whatever was sent."""
    return UNPRINTABLE.sub(escaped, SECRET_PATHS.sub(r"\1***", path))


def escaped(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"


def one_line(failure: object) -> str:
    """What it says, on one line, without the user and password of addresses."""
    return IN_URL.sub("***@", " ".join(str(failure).split()))


class HideSecrets(logging.Filter):
    """For all logs: Django's own name the path of what failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(mask(part) for part in record.args)
        return True


def mask(part: object) -> object:
    return mask_path(part) if isinstance(part, str) else part
