"""A system check: which accounts have the same e-mail address, written in different ways."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import Tags, Warning, register
from django.db import connections

from ublog.accounts.models import CustomUser


@register(Tags.database)
def mailboxes_have_one_account(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[Warning]:
    """Return a warning for each mailbox with several accounts, all of which can still log in.

    An earlier release let them sign up.
    """
    table = CustomUser._meta.db_table
    # `migrate` runs the check first: other columns may not exist yet.
    users = CustomUser.objects.only("email", "username")
    return [
        Warning(
            f"One mailbox has several accounts: {' and '.join(f'@{user}' for user in accounts)}.",
            hint="Ask their owner which to keep, and delete the others in the admin; until then "
            "each logs in with its address as it was typed at sign-up.",
            id="accounts.W001",
        )
        for alias in databases or []
        if table in connections[alias].introspection.table_names()
        for accounts in users.using(alias).sharing_a_mailbox()
    ]
