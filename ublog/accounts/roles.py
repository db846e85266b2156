"""Who moderates the site, and who administers it."""

from django.core.exceptions import PermissionDenied

from ublog.accounts import scopes
from ublog.accounts.models import CustomUser
from ublog.core.viewers import Viewer


def get_moderator(viewer: Viewer) -> CustomUser:
    """Return the moderator that the viewer is.

    Raise NotAuthenticated, or PermissionDenied for an active user who moderates nothing,
    and MissingScope for the token of a program without the scope `moderate`.
    """
    user = CustomUser.objects.get_active(viewer)
    if not user.is_staff:
        raise PermissionDenied("Only moderators may do this.")
    scopes.check(viewer, scopes.MODERATE)
    return user


def get_administrator(viewer: Viewer) -> CustomUser:
    """Return the administrator that the viewer is.

    Raise NotAuthenticated, or PermissionDenied for an active user who administers nothing,
    and LoginRequired for the token of a program.
    """
    user = CustomUser.objects.get_logged_in(viewer)
    if not user.is_superuser:
        raise PermissionDenied("Only administrators may do this.")
    return user


def may_judge(moderator: CustomUser, user_id: int | None) -> bool:
    """Return whether the moderator may find that a user or their posts are all right.

    Not of their own: another one has to. Administrators may, since there may be no other one.
    """
    return moderator.is_superuser or user_id != moderator.pk


def may_act_against(moderator: CustomUser, user: CustomUser) -> bool:
    """Return whether the moderator may suspend that user, and the like.

    Nobody acts against themselves, and only administrators against moderators and administrators.
    """
    is_staff = user.is_staff or user.is_superuser
    return user.pk != moderator.pk and (moderator.is_superuser or not is_staff)
