"""The forms of the pages; what is acceptable is said by the model's fields."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from ublog.blog import actions
from ublog.blog.models import Post


class Renderer(TemplatesSetting):
    """How every form of the pages is written; `{{ form }}` is all a template needs to say."""

    form_template_name = "forms/form.html"


class PostForm(forms.ModelForm):  # type: ignore[type-arg]
    def perform(self, action: Callable[..., Post], **arguments: Any) -> Post | None:
        """Return the post of the action, called with these arguments and with what was typed.

        None when something typed is not acceptable; the form then has the errors. Whether an
        image is acceptable is only known to the action, which asks before who sends it.
        """
        if not self.is_valid():
            return None
        try:
            return action(**arguments, **self.cleaned_data)
        except ValidationError as error:
            self.add_error(None, error)
            return None

    class Meta:
        model = Post
        fields = ("body", "image", "image_alt")
        widgets = {
            "body": forms.Textarea(attrs={"rows": 4, "placeholder": "What is new?"}),
            "image_alt": forms.TextInput(attrs={"placeholder": "What can be seen?"}),
        }
        labels = {"body": "Your post", "image": "Picture", "image_alt": "Picture description"}


def new_key() -> str:
    """An idempotency key that nobody guesses."""
    return get_random_string(22)


class NewPostForm(PostForm):
    """The key makes one post of a form that is sent twice."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, initial=new_key)


class EditPostForm(PostForm):
    """The version tells an edit of what its author has seen from one of something newer."""

    version = forms.CharField(widget=forms.HiddenInput, required=False, empty_value=None)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if field_name == "version":
            return self.instance.version
        return super().get_initial_for_field(field, field_name)


def submitted(request: HttpRequest) -> tuple[Any, Any]:
    """What a form is made from: the data and files of a POST, or nothing."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def clicked(request: HttpRequest) -> Callable[..., object]:
    """The action behind the like button: it says what it wants, so clicking twice does no harm."""
    wanted = {"yes": actions.like, "no": actions.unlike}
    return wanted.get(request.POST.get("liked", ""), actions.toggle_like)
