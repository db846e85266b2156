"""The secret in the URL of a member's feeds: feed readers do not log in.

A key is derived, not stored. It ends with the membership: with a change of password or e-mail
address, and while the account is suspended, deactivated or deleted.
"""

from django.utils.crypto import constant_time_compare, salted_hmac

from ublog.accounts.active_users import active_now
from ublog.accounts.models import CustomUser
from ublog.core.exceptions import MembersOnly
from ublog.core.ids import parse_id

LENGTH = 32  # hexadecimal digits: 128 bits


def key_of(user: CustomUser) -> str:
    """Return the key of the user: the id and a signature, with a dot between them."""
    signed = salted_hmac("ublog.feed", user.get_session_auth_hash(), algorithm="sha256")
    return f"{user.pk}.{signed.hexdigest()[:LENGTH]}"


def get_member(key: str) -> CustomUser:
    """Return the active user with that key, by one query. Raise MembersOnly."""
    pk = parse_id(key.partition(".")[0])
    user = CustomUser.objects.filter(active_now(), pk=pk).first()
    if user is None or not constant_time_compare(key, key_of(user)):
        raise MembersOnly
    return user
