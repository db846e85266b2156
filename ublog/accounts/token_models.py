"""The model of personal tokens: see `personal_tokens`."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from ublog.core.text import PlainTextField, validate_one_line


class PersonalToken(models.Model):
    """A token that a user has made for a program. The token itself is not stored.

    It ends with the user's password or e-mail address, which `auth_hash` covers.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="personal_tokens"
    )
    name = PlainTextField(max_length=50, validators=[validate_one_line])
    scopes = models.JSONField(default=list)
    # The SHA-256 of a random text that nobody can guess: a slow hash would protect nothing more.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    auth_hash = models.CharField(max_length=64, editable=False)
    created_on = models.DateTimeField(default=timezone.now, editable=False)
    expires_on = models.DateTimeField(db_index=True)
    last_used_on = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return f"personal token {self.pk} of user {self.user_id}"
