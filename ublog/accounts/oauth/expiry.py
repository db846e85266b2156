"""Delete what has expired of OAuth, also in a worker that does not load django-oauth-toolkit.

The models of this module have only the columns that say what has expired, in the tables of the
models of the same names, and an app registry of their own, as the one of Django's
`MigrationRecorder` has: so they need no installed app. A test compares the columns.
"""
# ruff: noqa: DJ008  nobody sees these rows

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from django.apps.registry import Apps
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ublog.conf.oauth import REFRESH_LIFETIME

UNUSED = timedelta(days=1)  # then an application that no user allows is deleted


class Table(models.Model):
    """A table of which other models are in charge."""

    objects: ClassVar["models.Manager[Any]"] = models.Manager()

    class Meta:
        abstract = True
        apps = Apps()
        app_label = "oauth"
        managed = False


class Application(Table):
    created = models.DateTimeField()

    class Meta(Table.Meta):
        db_table = "oauth_application"


class OfBoth(Table):
    """Something of an application of a user."""

    application_id = models.BigIntegerField()
    user_id = models.BigIntegerField(null=True)

    class Meta(Table.Meta):
        abstract = True


class AllowedApplication(OfBoth):
    created_on = models.DateTimeField()

    class Meta(Table.Meta):
        db_table = "oauth_allowedapplication"


class Grant(OfBoth):
    expires = models.DateTimeField()

    class Meta(Table.Meta):
        db_table = "oauth2_provider_grant"


class AccessToken(OfBoth):
    expires = models.DateTimeField()
    source_refresh_token_id = models.BigIntegerField(null=True)

    class Meta(Table.Meta):
        db_table = "oauth2_provider_accesstoken"


class RefreshToken(OfBoth):
    access_token_id = models.BigIntegerField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta(Table.Meta):
        db_table = "oauth2_provider_refreshtoken"


TABLES = (Application, AllowedApplication, Grant, AccessToken, RefreshToken)


@transaction.atomic
def purge() -> int:
    """Delete codes and tokens that have expired, and then what no user allows any more.

    Return how many rows.
    """
    now = timezone.now()
    refresh_tokens = expired_refresh_tokens(now - REFRESH_LIFETIME)
    AccessToken.objects.filter(source_refresh_token_id__in=refresh_tokens.values("pk")).update(
        source_refresh_token_id=None
    )
    refreshing = RefreshToken.objects.filter(access_token_id=OuterRef("pk"))
    tokens = AccessToken.objects.filter(~Exists(refreshing), expires__lt=now)
    grants = Grant.objects.filter(expires__lt=now)
    deleted = sum(rows.delete()[0] for rows in (refresh_tokens, tokens, grants))
    return deleted + purge_applications(now - UNUSED)


def expired_refresh_tokens(before: Any) -> Any:
    """Return the refresh tokens that nobody can use, and whose use need not be noticed any more.

    One that was replaced is kept as long as one that is unused, since its use ends those that
    followed on it (`REFRESH_TOKEN_REUSE_PROTECTION`). As the library's `clear_expired`.
    """
    expired = AccessToken.objects.filter(expires__lt=before).values("pk")
    lost = Q(revoked=None, access_token_id=None)
    return RefreshToken.objects.filter(
        lost | Q(revoked__lt=before) | Q(access_token_id__in=expired, revoked=None)
    )


def purge_applications(before: Any) -> int:
    """Delete what was allowed and has no token any more, and applications that no user allows.

    Tokens that such an application has for itself go with it.
    """
    of_both = {"application_id": OuterRef("application_id"), "user_id": OuterRef("user_id")}
    over = AllowedApplication.objects.filter(
        *without((Grant, AccessToken, RefreshToken), **of_both), created_on__lt=before
    )
    deleted = int(over.delete()[0])
    of_it = {"application_id": OuterRef("pk")}
    of_users = without((AllowedApplication, Grant, RefreshToken), **of_it)
    of_users += without((AccessToken,), **of_it, user_id__isnull=False)
    unused = Application.objects.filter(*of_users, created__lt=before)
    deleted += int(AccessToken.objects.filter(application_id__in=unused.values("pk")).delete()[0])
    return deleted + int(unused.delete()[0])


def without(tables: Sequence[type[Table]], **of: Any) -> list[Any]:
    """Return the conditions that none of these tables has a row of it."""
    return [~Exists(table.objects.filter(**of)) for table in tables]
