"""The forms of posts, and how all forms of the pages call an action and are rendered.

The model's fields say what is acceptable.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from ublog.blog.models import Post
from ublog.blog.post_rows import PostRow
from ublog.core.viewers import Viewer


class Renderer(TemplatesSetting):
    """Render every form by one template, so that `{{ form }}` is enough on a page."""

    form_template_name = "forms/form.html"


class ActionFormMixin(forms.BaseForm):
    """A form whose data is the arguments of an action of the domain."""

    result: Any

    def submit(self, action: Callable[..., Any], **arguments: Any) -> bool:
        """Call the action with these arguments and the cleaned data, and return whether it worked.

        The value that the action returns is in `result`. If the form is invalid the action is not
        called; if the action raises ValidationError, its messages are in `errors`.
        """
        if not self.is_valid():
            return False
        try:
            self.result = action(**arguments, **self.cleaned_data)
        except ValidationError as error:
            self.add_errors(error)
        return not self.errors

    def add_errors(self, error: ValidationError) -> None:
        """Add the messages to their fields; those of other arguments concern the whole form."""
        for field, messages in error.update_error_dict({}).items():
            self.add_error(field if field in self.fields else None, messages)


class PostForm(ActionFormMixin, forms.ModelForm):  # type: ignore[type-arg]
    """The fields of a post that its author fills in."""

    class Meta:
        model = Post
        fields = Post.INPUT
        widgets = {
            "body": forms.Textarea(attrs={"rows": 4, "placeholder": "What is new?"}),
            "language": forms.TextInput(attrs={"placeholder": "en, pt-BR, …"}),
            "image_alt": forms.TextInput(attrs={"placeholder": "What can be seen?"}),
        }
        labels: ClassVar = {
            "body": "Your post",
            "image": "Picture",
            "image_alt": "Picture description",
        }

    def _post_clean(self) -> None:
        """Leave out Django's check of the instance: the action checks the post that it stores.

        The instance would be changed and then thrown away, and every field checked twice.
        """


def new_key() -> str:
    """Return an idempotency key that nobody can guess."""
    return get_random_string(22)


class NewPostForm(PostForm):
    """A new post. Its key makes one post of a form that is sent twice."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, initial=new_key)
    in_reply_to = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def success_message(self) -> str:
        """Return what has become of the post."""
        if self.result.held:
            return "Thank you. Your post waits for a moderator, who decides whether it is shown."
        return "Your post is published."


class ReplyForm(NewPostForm):
    """The form on the page of a post, whose page for new posts takes what is filled in."""

    template_name = "forms/composer.html"

    class Meta(PostForm.Meta):
        labels = PostForm.Meta.labels | {"body": "Your reply"}
        widgets = PostForm.Meta.widgets | {
            "body": forms.Textarea(attrs={"rows": 1, "placeholder": "Write a reply"})
        }

    @classmethod
    def of(cls, post: PostRow, viewer: Viewer) -> "ReplyForm | None":
        """Return the form for a reply to the post; None if the post is not published.

        None for an anonymous viewer, too, for whom the page is the same as for all others.
        """
        if post.state is not None or not viewer.is_authenticated:
            return None
        return cls(initial={"in_reply_to": post.pk, "body": post.reply_start(viewer)})


class EditPostForm(PostForm):
    """An existing post. Its version is the one that the author saw: see `actions.edit`."""

    version = forms.CharField(widget=forms.HiddenInput, required=False, empty_value=None)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Return the current version for the hidden field, which is no field of the model."""
        if field_name == "version":
            return self.instance.version
        return super().get_initial_for_field(field, field_name)


class ReportForm(ActionFormMixin, forms.Form):
    """Why a post or a user is reported. The domain says what is acceptable."""

    reason = forms.CharField(label="What is wrong?", widget=forms.Textarea(attrs={"rows": 4}))


def mark_action(
    request: HttpRequest,
    name: str,
    add: Callable[..., object],
    remove: Callable[..., object],
    toggle: Callable[..., object],
) -> Callable[..., object]:
    """Return the action that the button of a mark, which has this name, asks for.

    Its value is "yes" or "no" as the page was rendered, so that a second click does no harm;
    without a value the action is to toggle.
    """
    return {"yes": add, "no": remove}.get(request.POST.get(name, ""), toggle)
