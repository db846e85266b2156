"""The forms about accounts; what is acceptable is said by the domain, whose words they show."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from ublog.accounts.backends import LOGIN_FAILED
from ublog.accounts.models import CustomUser


class DomainForm(forms.Form):
    """A form whose action may refuse it."""

    def accepted_by(self, action: Callable[..., Any], **given: Any) -> bool:
        """Whether it is valid and the action takes it; what was refused stands in its errors."""
        if not self.is_valid():
            return False
        try:
            action(**self.cleaned_data, **given)
        except ValidationError as error:
            self.note(error)
        return not self.errors

    def note(self, error: ValidationError) -> None:
        for field, errors in error.update_error_dict({}).items():
            self.add_error(field if field in self.fields else None, errors)


def password(label: str, use: str) -> forms.CharField:
    """`use` tells the browser's password manager what it is for."""
    widget = forms.PasswordInput(attrs={"autocomplete": use})
    return forms.CharField(label=label, strip=False, widget=widget)


def new_password(label: str = "Password") -> forms.CharField:
    field = password(label, "new-password")
    field.help_text = "8 to 256 characters, and not a common one."
    return field


def email_address(label: str = "E-mail address", use: str = "email") -> forms.CharField:
    """Not forms.EmailField: what an address is, is for the domain to say."""
    return forms.CharField(label=label, widget=forms.EmailInput(attrs={"autocomplete": use}))


class LoginForm(AuthenticationForm):
    username = email_address(use="username")
    error_messages = {"invalid_login": LOGIN_FAILED, "inactive": LOGIN_FAILED}


class EmailForm(DomainForm):
    email = email_address()


class ActivationForm(DomainForm):
    username = forms.CharField(
        required=False,
        help_text="Letters, digits and _; what others see. Made up when you leave it empty.",
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "autocapitalize": "none"}),
    )
    password = new_password()


class ResetForm(DomainForm):
    password = new_password("New password")


class LinkForm(DomainForm):
    """Nothing to fill in: the link says it all."""


class PasswordChangeForm(DomainForm):
    current_password = password("Current password", "current-password")
    new_password = new_password("New password")


class EmailChangeForm(DomainForm):
    email = email_address("New e-mail address")
    password = password("Password", "current-password")


class ProfileForm(DomainForm):
    username = forms.CharField(help_text="Letters, digits and _.")
    display_name = forms.CharField(required=False)
    bio = forms.CharField(
        required=False, label="About you", widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any, user: CustomUser) -> None:
        names = ("username", "display_name", "bio")
        super().__init__(data, initial={name: getattr(user, name) for name in names})


class DeleteAccountForm(DomainForm):
    posts = forms.ChoiceField(
        label="Your posts",
        choices=[("keep", "Keep them, without my name"), ("delete", "Delete them, too")],
        widget=forms.RadioSelect,
        initial="keep",
    )
    password = password("Password", "current-password")
