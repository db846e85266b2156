"""The admin of users. Only administrators may edit accounts of staff, and permissions."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from ublog.accounts.backends import LOGIN_FAILED
from ublog.accounts.models import CustomUser
from ublog.core.admin import LargeTableAdmin

PERMISSIONS = ["is_staff", "is_superuser", "groups"]


class AdminLoginForm(AdminAuthenticationForm):
    """Django's form, with the message of every other login."""

    error_messages = {"invalid_login": LOGIN_FAILED, "inactive": LOGIN_FAILED}

    def confirm_login_allowed(self, user: Any) -> None:
        """Raise ValidationError for a user who is not of staff. Their password was right."""
        if not user.is_staff:
            raise ValidationError("Only staff can log in here.")


admin.site.login_form = AdminLoginForm


class CustomUserCreationForm(AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = CustomUser
        fields = ["email", "username"]


class CustomUserChangeForm(UserChangeForm):  # type: ignore[type-arg]
    """Fields that stay are not checked: an older rule may have allowed them."""

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | (set(self.fields) - set(self.changed_data))


@admin.register(CustomUser)
class CustomUserAdmin(LargeTableAdmin[CustomUser], UserAdmin):  # type: ignore[type-arg]
    form = CustomUserChangeForm
    add_form = CustomUserCreationForm
    list_display = ["username", "email", "display_name", "is_active", "is_staff", "date_joined"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["username", "email", "display_name"]
    sortable_by = ["username", "email"]
    ordering = ["-pk"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "username", "password"]}),
        ("Public", {"fields": ["display_name", "bio"]}),
        ("Mails of notifications", {"fields": ["email_notifications", "time_zone"]}),
        ("Permissions", {"fields": ["is_active", *PERMISSIONS]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "username", "usable_password", "password1", "password2"]})
    ]
    filter_horizontal = ["groups"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "bio":
            options["widget"] = AdminTextareaWidget
        return super().formfield_for_dbfield(db_field, request, **options)

    def get_readonly_fields(self, request: HttpRequest, obj: CustomUser | None = None) -> Any:
        """Keep staff with permission to edit users from making themselves administrators."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if is_administrator(request) else [*fixed, *PERMISSIONS]

    def save_model(self, request: HttpRequest, obj: CustomUser, form: Any, change: bool) -> None:
        """Note that an account which staff activates was activated."""
        if obj.is_active and obj.activated_on is None:
            obj.activated_on = timezone.now()
        super().save_model(request, obj, form, change)

    def has_change_permission(self, request: HttpRequest, obj: CustomUser | None = None) -> bool:
        return may_edit(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: CustomUser | None = None) -> bool:
        return may_edit(request, obj) and super().has_delete_permission(request, obj)


def is_administrator(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def may_edit(request: HttpRequest, user: CustomUser | None) -> bool:
    """Return whether the account may be edited: not one of staff, but by administrators.

    To set the password of a member of staff is to get all their permissions.
    """
    is_staff = user is not None and (user.is_staff or user.is_superuser)
    return is_administrator(request) or not is_staff
