"""The time zones of users: names of the IANA database, such as `Europe/Vienna`."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.core.exceptions import ValidationError

DEFAULT = "UTC"
MAX_LENGTH = 64  # characters; the longest name has 32
# Files beside those of zones: what this machine has, and a placeholder.
NO_ZONES = {"localtime", "Factory"}


@cache
def names() -> tuple[str, ...]:
    """Return the names of all zones that this machine knows, in the order of the alphabet."""
    return tuple(sorted({DEFAULT, *available_timezones()} - NO_ZONES))


def validate(name: str) -> None:
    """Raise ValidationError for what is not the name of a time zone, as the database writes it."""
    if name not in names():
        raise ValidationError("Enter the name of a time zone, such as Europe/Vienna.")


def get(name: str) -> tzinfo:
    """Return the zone of that name, or UTC: the databases of two machines may differ."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def last(hour: time, zone: tzinfo, now: datetime) -> datetime:
    """Return when the clocks of the zone last showed that time, at `now` or before."""
    today = datetime.combine(now.astimezone(zone), hour, zone)
    return today if today <= now else today - timedelta(days=1)
