"""The admin of posts and likes: the one place where staff edits posts of other users."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator

from ublog.accounts import moderation_log
from ublog.accounts.admin import NoDeleteAdmin
from ublog.accounts.moderation_log import ModerationAction
from ublog.blog import deletion, events, files, images, moderation, tasks
from ublog.blog.archives import Archive
from ublog.blog.fields import LanguageTagField
from ublog.blog.models import Post, PostMark
from ublog.blog.notifications import Notification
from ublog.blog.reports import Cleanup, Report
from ublog.blog.states import PostState
from ublog.core.admin import LargeTableAdmin
from ublog.core.text import PlainTextField, fold_for_search


class HasImageFilter(admin.SimpleListFilter):
    title = parameter_name = "picture"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "With a picture"), ("no", "Without")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        match self.value():
            case "yes":
                return queryset.exclude(image="")
            case "no":
                return queryset.filter(image="")
        return queryset


class HasAuthorFilter(admin.SimpleListFilter):
    title = parameter_name = "author"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "By someone"), ("no", "Anonymous")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        match self.value():
            case "yes":
                return queryset.filter(created_by__isnull=False)
            case "no":
                return queryset.filter(created_by__isnull=True)
        return queryset


class StateFilter(admin.SimpleListFilter):
    title = parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("published", "Published"), ("held", "Held"), ("hidden", "Hidden")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        states = {"published": None, "held": PostState.HELD, "hidden": PostState.HIDDEN}
        value = self.value()
        return queryset.filter(state=states[value]) if value in states else queryset


class PostAdminForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_image(self) -> Any:
        """Return the re-encoded image; the admin has checked permissions before."""
        image = self.cleaned_data["image"]
        return images.accept(image) if isinstance(image, UploadedFile) else image


class IsReplyFilter(admin.SimpleListFilter):
    title = parameter_name = "reply"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Replies"), ("no", "Others")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        if self.value() in ("yes", "no"):
            return queryset.filter(in_reply_to__isnull=self.value() == "no")
        return queryset


@admin.register(Post)
class PostAdmin(LargeTableAdmin[Post]):
    form = PostAdminForm
    list_display = [
        *("excerpt", "created_by", "preview", "like_count", "reply_count", "created_on", "edited"),
        "state",
    ]
    actions = ["hide", "unhide", "approve"]
    list_filter = [StateFilter, HasImageFilter, HasAuthorFilter, IsReplyFilter, "created_on"]
    list_select_related = ["created_by"]
    search_fields = ["body_folded__contains", "created_by__username__icontains"]
    search_help_text = "Searches the text of posts and the usernames of their authors."
    sortable_by = ["created_on"]  # the one order that an index gives
    readonly_fields = [
        *("preview", "created_by", "created_on", "modified_on", "like_count", "reply_count"),
        *("replies_to", "state"),
    ]
    fields = [*Post.INPUT, *readonly_fields]
    # A field of one line would drop the line breaks of a text.
    formfield_overrides = {
        PlainTextField: {"widget": AdminTextareaWidget},
        LanguageTagField: {},
    }

    @admin.display(description="post")
    def excerpt(self, post: Post) -> str:
        return Truncator(post.body).chars(80)

    @admin.display(description="picture")
    def preview(self, post: Post) -> str:
        if image := post.image_info:
            return format_html(
                '<img src="{}" alt="{}" height="48" loading="lazy">',
                image["renditions"][0]["url"],
                image["alt"],
            )
        return ""

    @admin.display(boolean=True)
    def edited(self, post: Post) -> bool:
        return post.edited

    @admin.display(description="in reply to")
    def replies_to(self, post: Post) -> str:
        if not post.in_reply_to_id:
            return ""
        url = reverse("admin:blog_post_change", args=[post.in_reply_to_id])
        return format_html('<a href="{}">post {}</a>', url, post.in_reply_to_id)

    @admin.action(description="Hide selected posts", permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        self._moderate(moderation.hide, "hidden", request, queryset)

    @admin.action(description="Show selected hidden posts again", permissions=["change"])
    def unhide(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        self._moderate(moderation.unhide, "shown again", request, queryset)

    @admin.action(description="Approve selected held posts", permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        self._moderate(moderation.approve, "approved", request, queryset)

    def _moderate(
        self,
        action: Callable[..., object],
        done: str,
        request: HttpRequest,
        queryset: QuerySet[Post],
    ) -> None:
        """Call the action for each of the posts, and say for how many it did not fit the state."""
        ids, others = list(queryset.order_by("pk").values_list("pk", flat=True)), 0
        for pk in ids:
            try:
                action(post_id=pk, by=request.user)
            except Post.DoesNotExist:
                others += 1
        text = f"{len(ids) - others} posts are {done}."
        rest = f" {others} posts are left as they were: their state is another one."
        self.message_user(request, text + rest * bool(others))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        """Return all posts but tombstones, of which there is nothing to moderate."""
        posts: QuerySet[Post] = Post.objects.not_deleted()
        return posts

    def delete_model(self, request: HttpRequest, obj: Post) -> None:
        self.delete_queryset(request, Post.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        """Delete them, and write each one that is somebody else's to the log of moderators."""
        others = queryset.exclude(created_by=request.user.pk).order_by("pk")
        with transaction.atomic():
            for pk in others.values_list("pk", flat=True):
                moderation_log.note(request.user, ModerationAction.DELETE, f"post {pk}")
            deletion.delete_all(queryset)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Post], search_term: str
    ) -> tuple[QuerySet[Post], bool]:
        return super().get_search_results(request, queryset, fold_for_search(search_term))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """List the likes that are deleted, too, as a number: there may be many."""
        named, counts, missing, protected = super().get_deleted_objects(objs, request)
        counts["likes"] = sum(post.like_count for post in objs)
        return named, counts, missing, protected

    def save_model(
        self, request: HttpRequest, obj: Post, form: PostAdminForm, change: bool
    ) -> None:
        """Make the user the author of a new post; an edit keeps the author."""
        if change and not form.has_changed():
            return  # or the post would be shown as edited
        old = Post.objects.get(pk=obj.pk) if change else Post()
        if not change:
            obj.created_by_id = request.user.pk
        obj.accept_image()  # `clean_image` has decoded it: this sets its sizes
        with files.storing_images(obj), transaction.atomic():
            if change:  # or it might be deleted, and this would fill a tombstone
                Post.objects.get_for_update(obj.pk, published=False)
            obj.save(update_fields=Post.EDITABLE if change else None)
            if not obj.written_by(request.user):
                moderation_log.note(request.user, ModerationAction.EDIT, f"post {obj.pk}")
            files.discard(old.file_names - obj.file_names)
            tasks.enqueue_renditions(obj)
            if not change:
                events.published.send(Post, post=obj)
            elif obj.state is None:
                events.edited.send(Post, post=obj, mentions_before=old.mentions)


class PostMarkAdmin(LargeTableAdmin[PostMark]):
    """Marks are deleted only: users set their own, and the triggers of a count miss an UPDATE."""

    ordering = ["-pk"]
    sortable_by = ()
    search_help_text = "Searches for the username of the one who has set it."

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: PostMark | None = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: PostMark) -> None:
        """Delete a mark as its user does: a like that was notified is taken back."""
        obj.delete()
        user = getattr(obj, obj.USER)
        events.unmarked.send(type(obj), post=obj.post, by=user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[PostMark]) -> None:
        with transaction.atomic():
            for mark in queryset.select_related("post", self.model.USER).order_by("pk"):
                self.delete_model(request, mark)


@admin.register(Notification)
class NotificationAdmin(NoDeleteAdmin[Notification]):
    list_display = ["user", "kind", "actor", "post_id", "created_on", "taken_back", "mail_state"]
    list_filter = ["kind"]
    list_select_related = ["user", "actor"]
    search_fields = ["=user__username"]
    search_help_text = "Searches for the username of the one who is notified."


@admin.register(Archive)
class ArchiveAdmin(NoDeleteAdmin[Archive]):
    """Without the name of the file, by which its user downloads it."""

    list_display = ["user", "created_on", "expires_on"]
    list_select_related = ["user"]
    fields = ["user", "created_on", "expires_on"]
    search_fields = ["=user__username"]


@admin.register(Report)
class ReportAdmin(NoDeleteAdmin[Report]):
    list_display = ["target", "by", "reason", "created_on"]
    list_select_related = ["by"]
    search_fields = ["=by__username", "reason"]


@admin.register(Cleanup)
class CleanupAdmin(NoDeleteAdmin[Cleanup]):
    list_display = ["label", "by", "done", "total", "created_on", "finished_on"]
    list_select_related = ["by"]
    search_fields = ["label"]


for mark in PostMark.__subclasses__():
    relations = ["post", mark.USER]
    admin.site.register(
        mark,
        PostMarkAdmin,
        list_display=[field.name for field in mark._meta.fields if not field.primary_key],
        list_select_related=relations,
        raw_id_fields=relations,
        search_fields=[f"={mark.USER}__username"],
    )
