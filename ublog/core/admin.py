"""The admin of large tables, the site's settings, the request log, and background work."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from ublog.core import site_settings
from ublog.core.background.state import age, background_work
from ublog.core.models import (
    Heartbeat,
    OutboxEntry,
    OutboxQuerySet,
    RequestLog,
    SiteSettings,
)

Row = TypeVar("Row", bound=Model)
MAX_ROWS = 10_000  # rows that one can page through; further ones are found by filter or search
MAX_NAMED = 50  # rows that the confirmation of a deletion names


class LimitedPaginator(Paginator[Any]):
    """Count up to MAX_ROWS: counting a million rows takes longer than rendering a page."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[:MAX_ROWS].count()


class LargeTableAdmin(admin.ModelAdmin[Row]):
    """An admin whose pages cost the same however many rows there are."""

    paginator = LimitedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_deleted_objects(
        self, objs: QuerySet[Row] | Sequence[Row], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """Return what the confirmation of a deletion shows: the names of these rows.

        Django would name all rows that are deleted with them, such as the million likes of a post.
        """
        total = len(objs)
        named = [str(row) for row in objs[:MAX_NAMED]]
        if total > MAX_NAMED:
            named.append(f"… and {total - MAX_NAMED:,} more")
        allowed = all(self.has_delete_permission(request, row) for row in objs)
        missing = set() if allowed else {str(self.opts.verbose_name)}
        return named, {str(self.opts.verbose_name_plural): total}, missing, []


class ReadOnlyAdmin(LargeTableAdmin[Row]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SiteSettings)
class SiteSettingsAdmin(LargeTableAdmin[SiteSettings]):
    """The one row, which the first save makes. What the environment overrules is read-only."""

    list_display = ["name", "who_may_join", "who_may_read", "anonymous_posts"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(SiteSettings.overruled())

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether it is an administrator, as the action has it, not another one of staff."""
        is_administrator = bool(getattr(request.user, "is_superuser", False))
        return is_administrator and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and not SiteSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, *args: Any, **options: Any) -> None:
        super().save_model(*args, **options)
        site_settings.forget()


class StatusFilter(SimpleListFilter):
    title = "status"
    parameter_name = "status"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(digit), f"{digit}xx") for digit in (2, 3, 4, 5)]

    def queryset(self, request: Any, queryset: QuerySet[RequestLog]) -> QuerySet[RequestLog]:
        if self.value() not in {"2", "3", "4", "5"}:
            return queryset
        hundreds = int(self.value() or 0) * 100
        return queryset.filter(status__range=(hundreds, hundreds + 99))


class MethodFilter(SimpleListFilter):
    """Filter by a fixed list: Django's own filter would scan the table for all methods."""

    title = parameter_name = "method"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in ("GET", "POST", "PUT", "PATCH", "DELETE")]

    def queryset(self, request: Any, queryset: QuerySet[RequestLog]) -> QuerySet[RequestLog]:
        return queryset.filter(method=self.value()) if self.value() else queryset


class DurationFilter(SimpleListFilter):
    title = "duration"
    parameter_name = "slower"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("100", "over 0.1 s"), ("1000", "over 1 s")]

    def queryset(self, request: Any, queryset: QuerySet[RequestLog]) -> QuerySet[RequestLog]:
        if self.value() not in {"100", "1000"}:
            return queryset
        return queryset.filter(duration__gt=int(self.value() or 0))


@admin.register(RequestLog)
class RequestLogAdmin(ReadOnlyAdmin[RequestLog]):
    """Read-only; a task deletes old rows."""

    list_display = [
        "date",
        "method",
        "path",
        "status",
        "duration_ms",
        "user",
        "remote_address",
        "request_id",
    ]
    list_filter = [StatusFilter, MethodFilter, DurationFilter, "date"]
    list_select_related = ["user"]
    search_fields = ["path", "=request_id"]
    search_help_text = "A part of a path, a request id, or @username."
    sortable_by = ["date"]

    @admin.display(description="duration (ms)")
    def duration_ms(self, row: RequestLog) -> str:
        return f"{row.duration:.1f}"

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        if search_term.startswith("@"):
            return queryset.filter(user__username__iexact=search_term[1:]), False
        return super().get_search_results(request, queryset, search_term)

    def has_delete_permission(self, request: HttpRequest, obj: RequestLog | None = None) -> bool:
        return False


class StateFilter(SimpleListFilter):
    title = parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "waiting"), ("failed", "failed")]

    def queryset(self, request: Any, queryset: QuerySet[OutboxEntry]) -> QuerySet[OutboxEntry]:
        if not self.value():
            return queryset
        return queryset.filter(due__isnull=self.value() == "failed")


@admin.register(OutboxEntry)
class OutboxEntryAdmin(ReadOnlyAdmin[OutboxEntry]):
    list_display = ["task", "ids", "state", "attempts", "created_on", "due", "error"]
    list_filter = [StateFilter]
    ordering = ["-created_on"]
    actions = ["retry"]

    @admin.display
    def state(self, entry: OutboxEntry) -> str:
        return "waiting" if entry.due else "failed"

    @admin.action(description="Retry the selected entries", permissions=["delete"])
    def retry(self, request: HttpRequest, entries: OutboxQuerySet) -> None:
        self.message_user(request, f"{entries.retry()} tasks will be tried again within a minute.")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        facts = ", ".join(
            f"{name.replace('_', ' ')}: {fact}" for name, fact in background_work().items()
        )
        return super().changelist_view(request, {"title": facts, **(extra_context or {})})


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin[Heartbeat]):
    list_display = ["name", "seen_on", "seconds_ago"]

    @admin.display
    def seconds_ago(self, heartbeat: Heartbeat) -> float | None:
        return age(heartbeat.seen_on)
