"""The people, for staff. Only an administrator touches the accounts of staff, and the rights."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest
from django.utils import timezone

from ublog.accounts.models import CustomUser
from ublog.core.admin import LargeTableAdmin

RIGHTS = ["is_staff", "is_superuser", "groups"]


class PersonCreationForm(AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = CustomUser
        fields = ["email", "username"]


class PersonChangeForm(UserChangeForm):  # type: ignore[type-arg]
    """What stays is not checked: an older rule allowed it."""

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | (set(self.fields) - set(self.changed_data))


@admin.register(CustomUser)
class CustomUserAdmin(LargeTableAdmin[CustomUser], UserAdmin):  # type: ignore[type-arg]
    form = PersonChangeForm
    add_form = PersonCreationForm
    list_display = ["username", "email", "display_name", "is_active", "is_staff", "date_joined"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["username", "email", "display_name"]
    sortable_by = ["username", "email"]
    ordering = ["-pk"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "username", "password"]}),
        ("Public", {"fields": ["display_name", "bio"]}),
        ("Rights", {"fields": ["is_active", *RIGHTS]}),
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
        """A moderator who may change people must not make themselves an administrator."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if is_administrator(request) else [*fixed, *RIGHTS]

    def save_model(self, request: HttpRequest, obj: CustomUser, form: Any, change: bool) -> None:
        """Who was let in by staff has not been waiting for an activation since."""
        if obj.is_active and obj.activated_on is None:
            obj.activated_on = timezone.now()
        super().save_model(request, obj, form, change)

    def has_change_permission(self, request: HttpRequest, obj: CustomUser | None = None) -> bool:
        return may_touch(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: CustomUser | None = None) -> bool:
        return may_touch(request, obj) and super().has_delete_permission(request, obj)


def is_administrator(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def may_touch(request: HttpRequest, person: CustomUser | None) -> bool:
    """Who could set the password of somebody in staff could sign in with all their rights."""
    is_staff = person is not None and (person.is_staff or person.is_superuser)
    return is_administrator(request) or not is_staff
