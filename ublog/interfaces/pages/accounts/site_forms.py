"""The forms of the pages about the site, beside those of its settings."""

from typing import Any

from django import forms

from ublog.blog.fields import AcceptedImageFormField
from ublog.core.models import SiteSettings
from ublog.interfaces.pages.accounts.forms import ActionForm, password_field


class LooksForm(ActionForm):
    """Ask for the colour, the logo and the pinned post."""

    logo = AcceptedImageFormField(
        required=False, help_text="It is shown as a square, so a square one looks best."
    )
    colour = forms.CharField(
        required=False,
        help_text="Of buttons and links, such as #3366cc. Each theme gets a shade of it.",
        widget=forms.TextInput(attrs={"placeholder": "#3366cc", "spellcheck": "false"}),
    )
    pinned_post = forms.CharField(
        required=False,
        help_text="The number or the URL of a post that is shown above all others.",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )

    def __init__(self, data: Any, files: Any, site: SiteSettings) -> None:
        names = ("logo", "colour", "pinned_post")
        super().__init__(data, files, initial={name: getattr(site, name) for name in names})

    def clean(self) -> dict[str, Any]:
        """Return the data; None for a logo that stays."""
        same = "logo" in self.cleaned_data and "logo" not in self.changed_data
        return self.cleaned_data | ({"logo": None} if same else {})


class ConfirmForm(ActionForm):
    """Ask for the password once more."""

    password = password_field("Your password", "current-password")
