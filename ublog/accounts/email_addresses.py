"""The one normal form of an e-mail address: one mailbox is one account and one budget."""

import ipaddress
import re
from unicodedata import category, normalize

from django.core.exceptions import ValidationError

MAX_LENGTH = 254  # characters: RFC 5321, section 4.5.3.1.3, without the angle brackets
MAX_RAW_LENGTH = 4 * MAX_LENGTH  # code points, of what was typed
MAX_LABEL, MAX_DOMAIN = 63, 253  # characters: RFC 1035, section 2.3.4, as it is written

DOT_ATOM = re.compile(r"[-!#$%&'*+/=?^_`{}|~0-9a-z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9a-z]+)*")
INVALID = "Enter a valid email address."


def normal_form(text: str) -> str:
    """Return the form in which an address is looked up, counted and stored.

    Lower case, NFKC, without format characters; the domain as A-label by UTS #46. The validators of
    the field check whether it is an address. Raise ValidationError for a text that is
    too long to be looked at, has control characters, or a domain that cannot be one.
    """
    if len(text) > MAX_RAW_LENGTH:
        message = f"Ensure this value has at most {MAX_LENGTH} characters."
        raise ValidationError(message, code="max_length")
    address = text.strip()
    if not address.isascii():
        visible = "".join(character for character in address if category(character) != "Cf")
        # Lower-casing can leave what NFKC composes: "İ" becomes "i" and a dot above.
        address = normalize("NFKC", normalize("NFKC", visible).lower()).strip()
    if any(category(character) in ("Cc", "Cs") for character in address):
        raise ValidationError(INVALID, code="invalid")
    local, at, domain = address.lower().rpartition("@")
    return f"{_local_part(local)}{at}{_domain(domain)}"


def _local_part(local: str) -> str:
    """Return it with quotes and backslashes only where needed (RFC 5321, section 4.1.2)."""
    if not (len(local) > 2 and local[0] == local[-1] == '"'):
        return local
    content = re.sub(r"\\(.)", r"\1", local[1:-1])
    if DOT_ATOM.fullmatch(content):
        return content
    return '"' + re.sub(r"[^!#-\[\]-~]", r"\\\g<0>", content) + '"'


def _domain(domain: str) -> str:
    if domain.startswith("[") and domain.endswith("]"):
        return _literal(domain)
    return domain if domain.isascii() else _a_labels(domain)


def _literal(domain: str) -> str:
    try:
        return f"[{ipaddress.ip_address(domain[1:-1])}]"
    except ValueError:
        return domain


def _a_labels(domain: str) -> str:
    """Return the domain as the DNS has it: mapped by UTS #46 (not transitional), then Punycode.

    Not by `idna.encode`, which raises for domains that UTS #46 allows, such as those with emoji.
    """
    import idna  # 45 ms and its tables, for the few that need them

    try:
        mapped = idna.uts46_remap(domain, std3_rules=False, transitional=False)
    except UnicodeError:
        raise ValidationError(INVALID, code="invalid") from None
    # It would not fit once it is encoded, and Punycode costs the square of a label's length.
    labels = mapped.split(".")
    if len(mapped) > MAX_DOMAIN or any(len(label) > MAX_LABEL for label in labels):
        raise ValidationError(INVALID, code="invalid")
    return ".".join(map(_a_label, labels))


def _a_label(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode()}"
