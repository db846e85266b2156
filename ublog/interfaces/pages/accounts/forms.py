"""The forms of accounts. The domain says what is acceptable, and its messages are shown."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from ublog.accounts import time_zones
from ublog.accounts.backends import LOGIN_FAILED
from ublog.accounts.models import CustomUser
from ublog.accounts.notification_settings import EmailNotifications
from ublog.accounts.scopes import SCOPES
from ublog.blog.fields import AcceptedImageFormField
from ublog.core import site_settings
from ublog.core.models import SiteSettings
from ublog.interfaces.pages.forms import ActionFormMixin


class ActionForm(ActionFormMixin, forms.Form):
    """A form without a model, whose data is the arguments of an action."""


def password_field(label: str, autocomplete: str) -> forms.CharField:
    """Return a field for a password; `autocomplete` is for the browser's password manager."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, widget=widget)


def new_password_field(label: str = "Password") -> forms.CharField:
    """Return a field to choose a password in."""
    field = password_field(label, "new-password")
    field.help_text = "8 to 256 characters, and not a common one."
    return field


def email_field(label: str = "E-mail address", autocomplete: str = "email") -> forms.CharField:
    """Return a field for an e-mail address. No EmailField: the domain checks the address."""
    widget = forms.EmailInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, widget=widget)


class LoginForm(AuthenticationForm):
    """Django's form with an e-mail address, and one message for everything that is wrong."""

    username = email_field(autocomplete="username")
    error_messages = {"invalid_login": LOGIN_FAILED, "inactive": LOGIN_FAILED}


class EmailForm(ActionForm):
    """Ask for the address that a link is sent to."""

    email = email_field()


class InvitationForm(ActionForm):
    """Ask for whom a new invitation is."""

    email = forms.CharField(
        label="For the e-mail address",
        required=False,
        help_text="Nobody else can join by the link then. Leave it empty for anybody who has it.",
        widget=forms.EmailInput,
    )
    uses = forms.IntegerField(label="For how many people", initial=1)
    days = forms.IntegerField(label="For how many days", initial=7)


class PersonalTokenForm(ActionForm):
    """Ask what a new token is for."""

    name = forms.CharField(help_text="For you, such as the name of the program.")
    scopes = forms.MultipleChoiceField(
        label="What the program may do",
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(label="For how many days", initial=90)


class ActivationForm(ActionForm):
    """Ask for what an account needs before it can be used."""

    username = forms.CharField(
        required=False,
        help_text="Letters, digits and _. Others see it. Leave it empty to get one.",
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "autocapitalize": "none"}),
    )
    password = new_password_field()
    reason = forms.CharField(
        required=False,
        label="Why you want to join",
        help_text="A moderator reads it, and approves your account.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        if not site_settings.current().joins_on_approval:
            del self.fields["reason"]


class ResetForm(ActionForm):
    """Ask for a new password in place of a forgotten one."""

    password = new_password_field("New password")


class LinkForm(ActionForm):
    """A form with nothing but a button, for a link that has all that is needed."""


class PasswordChangeForm(ActionForm):
    """Ask for a new password, and for proof by the current one."""

    current_password = password_field("Current password", "current-password")
    new_password = new_password_field("New password")


class EmailChangeForm(ActionForm):
    """Ask for a new address, and for proof by the password."""

    email = email_field("New e-mail address")
    password = password_field("Password", "current-password")


class ProfileForm(ActionForm):
    """Ask for what others see of a user."""

    username = forms.CharField(help_text="Letters, digits and _.")
    display_name = forms.CharField(required=False)
    bio = forms.CharField(
        required=False, label="About you", widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any, user: CustomUser) -> None:
        names = ("username", "display_name", "bio")
        super().__init__(data, initial={name: getattr(user, name) for name in names})


class AvatarForm(ActionForm):
    """Ask for the profile picture, or whether to remove it."""

    avatar = AcceptedImageFormField(
        label="Profile picture",
        required=False,
        help_text="JPEG, PNG, WebP, GIF or AVIF. It is cut to a square about its centre.",
    )

    def __init__(self, data: Any, files: Any, user: CustomUser) -> None:
        super().__init__(data, files, initial={"avatar": user.avatar_large})


class EmailNotificationsForm(ActionForm):
    """Ask when mails of notifications are sent."""

    email_notifications = forms.ChoiceField(
        label="Mails of replies and mentions",
        choices=EmailNotifications.choices,
        widget=forms.RadioSelect,
    )
    time_zone = forms.ChoiceField(
        choices=lambda: [(name, name.replace("_", " ")) for name in time_zones.names()],
        help_text="For the mail in the morning.",
    )

    def __init__(self, data: Any, user: CustomUser) -> None:
        names = ("email_notifications", "time_zone")
        super().__init__(data, initial={name: getattr(user, name) for name in names})


class SiteForm(ActionFormMixin, forms.ModelForm):  # type: ignore[type-arg]
    """Settings of the site. What the environment overrules is shown, and cannot be changed."""

    class Meta:
        model = SiteSettings
        fields: tuple[str, ...] = ("name", "who_may_join", "who_may_read", "anonymous_posts")
        widgets: ClassVar = {
            "welcome": forms.Textarea(attrs={"rows": 2}),
            "rules": forms.Textarea(attrs={"rows": 6}),
            "who_may_join": forms.RadioSelect,
            "who_may_invite": forms.RadioSelect,
            "who_may_read": forms.RadioSelect,
            "anonymous_posts": forms.RadioSelect,
            "first_posts": forms.RadioSelect,
        }

    def __init__(self, data: Any = None, **options: Any) -> None:
        options.setdefault("instance", SiteSettings.objects.in_effect())
        super().__init__(data, **options)
        for name, variable in self.instance.variables.items():
            self.fields[name].disabled = True
            self.fields[name].help_text = f"{variable} in the environment decides this."

    def clean(self) -> dict[str, Any]:
        """Return the data without what the environment overrules."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if not self.fields[name].disabled
        }

    def _post_clean(self) -> None:
        """Leave out Django's check of the instance: the action checks the settings."""


class SiteSettingsForm(SiteForm):
    """All settings of the site."""

    class Meta(SiteForm.Meta):
        fields = (
            *("name", "welcome", "rules", "who_may_join", "who_may_invite"),
            *("allowed_domains", "who_may_read", "anonymous_posts", "first_posts"),
        )


class SetUpForm(SiteForm):
    """What a new site needs: the account of its administrator, and its first settings."""

    field_order = ("email", "username", "password")

    email = email_field("Your e-mail address", "username")
    username = forms.CharField(
        required=False,
        help_text="Letters, digits and _. Others see it. Leave it empty to get one.",
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "autocapitalize": "none"}),
    )
    password = new_password_field()


class DeleteAccountForm(ActionForm):
    """Ask what becomes of the posts, and for proof by the password."""

    posts = forms.ChoiceField(
        label="Your posts",
        choices=[("keep", "Keep them, without my name"), ("delete", "Delete them, too")],
        widget=forms.RadioSelect,
        initial="keep",
    )
    password = password_field("Password", "current-password")
