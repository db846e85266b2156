"""The e-mail domains and networks that moderators block: nobody joins or posts from there.

Of a network only a keyed hash is stored. An anonymous post keeps one, too, for some days, and that
is how a moderator blocks the network of a post without learning it.
"""

import ipaddress
import re

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ublog.accounts import email_addresses
from ublog.core.client_address import caller_address, network

LOOPBACK = ("127.0.0.1", "::1")
NETWORK_BLOCKED = "This site takes no anonymous posts and no sign-ups from your network."
OWN_NETWORK = "This is your own network, or that of the server: it cannot be blocked."
# Labels of letters, digits and hyphens, two or more.
DOMAIN = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+", re.ASCII)
DOMAIN_BLOCKED = "People do not join this site with an address of this domain."


class BlockQuerySet(models.QuerySet["Block"]):
    def of_domain(self, domain: str) -> "BlockQuerySet":
        """Filter blocks of an e-mail domain, or of one above it."""
        labels = domain.split(".")
        domains = [".".join(labels[start:]) for start in range(len(labels))]
        return self.filter(kind=Block.Kind.DOMAIN, value__in=domains)

    def of_network(self, hash: str) -> "BlockQuerySet":
        return self.filter(kind=Block.Kind.NETWORK, value=hash)


class Block(models.Model):
    """An e-mail domain or a network from which nobody joins; from a network, nor posts."""

    class Kind(models.TextChoices):
        DOMAIN = "domain", "E-mail domain"
        NETWORK = "network", "Network"

    kind = models.CharField(max_length=10, choices=Kind)
    value = models.CharField(max_length=253, help_text="A domain, or the hash of a network.")
    label = models.CharField(max_length=253, help_text="By which moderators recognise it.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_on = models.DateTimeField(default=timezone.now, editable=False)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["value"], name="blocked_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"


def network_hash(address: str) -> str:
    """Return the keyed hash of the network of an IP address: IPv4 whole, IPv6 its /64.

    Return "" for what is not an IP address.
    """
    name = network(address)
    return salted_hmac("ublog.network", name, algorithm="sha256").hexdigest() if name else ""


def check_network() -> None:
    """Raise PermissionDenied where the network of this request is blocked."""
    hash = network_hash(caller_address.get())
    if hash and Block.objects.of_network(hash).exists():
        raise PermissionDenied(NETWORK_BLOCKED)


def check_may_join(email: str) -> None:
    """Raise PermissionDenied where the network is blocked, ValidationError for the domain."""
    check_network()
    check_domain(email)


def check_domain(email: str) -> None:
    """Raise ValidationError where the domain of this e-mail address is blocked."""
    if Block.objects.of_domain(email.rpartition("@")[2]).exists():
        raise ValidationError({"email": [DOMAIN_BLOCKED]})


def check_blockable(hash: str) -> None:
    """Raise ValidationError for the moderator's own network, and for that of this machine."""
    if hash in {network_hash(each) for each in (*LOOPBACK, caller_address.get())}:
        raise ValidationError({"network": [OWN_NETWORK]})


def parse(domain: str, address: str) -> tuple[str, str, str]:
    """Return the kind, value and label of a block. Raise ValidationError, by their fields.

    One of the two must be there: a domain, maybe of an e-mail address, or an IP address.
    """
    if bool(domain.strip()) == bool(address.strip()):
        raise ValidationError("Give an e-mail domain or an IP address.")
    if domain.strip():
        name = parse_domain(domain)
        return Block.Kind.DOMAIN, name, name
    try:
        ip = ipaddress.ip_address(address.strip())
    except ValueError:
        raise ValidationError({"address": ["Give an IP address such as 192.0.2.1."]}) from None
    if ip.is_loopback:
        raise ValidationError({"address": [OWN_NETWORK]})
    return Block.Kind.NETWORK, network_hash(str(ip)), network(str(ip))


def parse_domain(text: str) -> str:
    """Return the domain of an e-mail address or a domain, in its normal form.

    Raise ValidationError for what cannot be one.
    """
    try:
        normal = email_addresses.normal_form(f"x@{text.strip().rpartition('@')[2]}")
    except ValidationError:
        normal = ""
    domain = normal.partition("@")[2]
    if not DOMAIN.fullmatch(domain):
        raise ValidationError({"domain": ["Give a domain such as example.org."]})
    return domain
