"""The forms of moderators. The domain says what is acceptable."""

from django import forms

from ublog.interfaces.pages.forms import ActionFormMixin


class PostActionForm(ActionFormMixin, forms.Form):
    """What to do about a post, by the button that was pressed, and why."""

    action = forms.CharField()
    reason = forms.CharField(required=False)


class UserActionForm(PostActionForm):
    """What to do about a user; `until` is the end of a suspension."""

    until = forms.CharField(required=False)


class BlockForm(ActionFormMixin, forms.Form):
    """Which domain or network to block."""

    domain = forms.CharField(
        required=False, label="E-mail domain", help_text="Such as example.org; with those below it."
    )
    address = forms.CharField(
        required=False,
        label="IP address",
        help_text="Its network is blocked: an IPv4 address, or the /64 of an IPv6 address.",
    )
    reason = forms.CharField(required=False, label="Why")
