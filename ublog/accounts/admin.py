"""The admin of users. Only administrators may edit accounts of staff, and permissions."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from ublog.accounts import actions, applications, blocks, invitations, moderation_log
from ublog.accounts.backends import LOGIN_FAILED
from ublog.accounts.blocks import Block
from ublog.accounts.former_usernames import FormerUsername
from ublog.accounts.invitations import Invitation
from ublog.accounts.models import Application, CustomUser
from ublog.accounts.moderation_log import LogEntry, ModerationAction
from ublog.core.admin import LargeTableAdmin, ReadOnlyAdmin, Row
from ublog.core.models import SiteSettings

PERMISSIONS = ["is_staff", "is_superuser", "groups"]
# What the two are called everywhere else.
ROLES = {
    "is_staff": {"label": "Moderator", "help_text": "Works the queue, and may log in here."},
    "is_superuser": {"label": "Administrator", "help_text": "May do everything here."},
}


class AdminLoginForm(AdminAuthenticationForm):
    """Django's form, with the message of every other login."""

    error_messages = {"invalid_login": LOGIN_FAILED, "inactive": LOGIN_FAILED}

    def confirm_login_allowed(self, user: Any) -> None:
        """Raise ValidationError for a user who is not of staff. Their password was right."""
        if not user.is_staff:
            raise ValidationError("Only staff can log in here.")


admin.site.login_form = AdminLoginForm


class UsernameForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form of a user who gets no username that is reserved for another one."""

    instance: CustomUser

    def clean(self) -> Any:
        """Raise ValidationError for a new username that is reserved."""
        cleaned, username = super().clean(), self.cleaned_data.get("username", "")
        if username.lower() != self.instance.stored_username.lower():
            FormerUsername.objects.check_free(CustomUser(pk=self.instance.pk, username=username))
        return cleaned


class CustomUserCreationForm(UsernameForm, AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = CustomUser
        fields = ["email", "username"]

    def clean(self) -> Any:
        """Raise ValidationError for an address that could not join by an invitation either.

        Staff may add somebody to a closed site.
        """
        cleaned = super().clean()
        if email := self.cleaned_data.get("email"):
            invitations.check_domain(SiteSettings.objects.in_effect(), email)
            blocks.check_domain(email)
        return cleaned


class CustomUserChangeForm(UsernameForm, UserChangeForm):  # type: ignore[type-arg]
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
    readonly_fields = ["last_login", "date_joined", "suspended_until"]
    fieldsets = [
        (None, {"fields": ["email", "username", "password"]}),
        ("Public", {"fields": ["display_name", "bio"]}),
        ("Mails of notifications", {"fields": ["email_notifications", "time_zone"]}),
        ("Permissions", {"fields": ["is_active", "suspended_until", *PERMISSIONS]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "username", "usable_password", "password1", "password2"]})
    ]
    filter_horizontal = ["groups"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "bio":
            options["widget"] = AdminTextareaWidget
        options |= ROLES.get(db_field.name, {})
        return super().formfield_for_dbfield(db_field, request, **options)

    def get_readonly_fields(self, request: HttpRequest, obj: CustomUser | None = None) -> Any:
        """Keep staff with permission to edit users from making themselves administrators."""
        fixed = [*super().get_readonly_fields(request, obj)]
        if obj and Application.objects.filter(user=obj).exists():
            fixed.append("is_active")  # the decision about the application says it
        return fixed if is_administrator(request) else [*fixed, *PERMISSIONS]

    def save_model(self, request: HttpRequest, obj: CustomUser, form: Any, change: bool) -> None:
        """Note that an account which staff activates was activated, and log what staff edits."""
        if obj.is_active and obj.activated_on is None:
            obj.activated_on = timezone.now()
        super().save_model(request, obj, form, change)
        if change and form.has_changed() and obj.pk != request.user.pk:
            moderation_log.note(request.user, ModerationAction.EDIT, f"@{obj.username}")

    def delete_model(self, request: HttpRequest, obj: CustomUser) -> None:
        """Delete an account as its owner would, and log it."""
        if obj.pk != request.user.pk:
            moderation_log.note(request.user, ModerationAction.DELETE, f"@{obj.username}")
        actions.delete(user=obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        with transaction.atomic():
            for user in queryset:
                self.delete_model(request, user)

    def has_change_permission(self, request: HttpRequest, obj: CustomUser | None = None) -> bool:
        return may_edit(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: CustomUser | None = None) -> bool:
        return may_edit(request, obj) and super().has_delete_permission(request, obj)


class NoDeleteAdmin(ReadOnlyAdmin[Row]):
    """What is only looked at here, since the pages of moderators change it, or nobody does."""

    ordering = ["-pk"]
    sortable_by = ()  # another order would read the whole table

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(LogEntry)
class LogEntryAdmin(NoDeleteAdmin[LogEntry]):
    list_display = ["created_on", "by_name", "action", "target", "reason"]
    list_filter = ["action"]
    search_fields = ["=by_name", "target"]
    ordering = ["-created_on", "-pk"]


@admin.register(Block)
class BlockAdmin(NoDeleteAdmin[Block]):
    list_display = ["kind", "label", "created_by", "created_on"]
    list_filter = ["kind"]
    list_select_related = ["created_by"]
    search_fields = ["label"]


@admin.register(FormerUsername)
class FormerUsernameAdmin(NoDeleteAdmin[FormerUsername]):
    list_display = ["username", "user", "expires_on"]
    list_select_related = ["user"]
    search_fields = ["=username", "=user__username"]


@admin.register(Invitation)
class InvitationAdmin(NoDeleteAdmin[Invitation]):
    """Without the link: it lets in, and the page of invitations shows it to those who may."""

    list_display = ["__str__", "email", "created_by", "created_on", "expires_on", "uses", "used"]
    list_select_related = ["created_by"]
    fields = ["email", "created_by", "created_on", "expires_on", "uses", "used"]
    search_fields = ["=email", "=created_by__username"]


@admin.register(Application)
class ApplicationAdmin(LargeTableAdmin[Application]):
    """Applications are decided here and in the queue, and never edited."""

    list_display = ["user", "email", "reason", "created_on"]
    list_select_related = ["user"]
    actions = ["approve", "reject"]

    @admin.action(description="Approve selected applications", permissions=["change"])
    def approve(self, request: HttpRequest, queryset: Any) -> None:
        for pk in list(queryset.values_list("pk", flat=True)):
            applications.approve(by=request.user, pk=pk)

    @admin.action(description="Reject selected applications", permissions=["change"])
    def reject(self, request: HttpRequest, queryset: Any) -> None:
        for pk in list(queryset.values_list("pk", flat=True)):
            applications.reject(by=request.user, pk=pk)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["user", "reason", "created_on"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def is_administrator(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def may_edit(request: HttpRequest, user: CustomUser | None) -> bool:
    """Return whether the account may be edited: not one of staff, but by administrators.

    To set the password of a member of staff is to get all their permissions.
    """
    is_staff = user is not None and (user.is_staff or user.is_superuser)
    return is_administrator(request) or not is_staff
