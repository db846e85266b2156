"""Model fields of posts, and the form field of their images."""

import re
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.db.models.expressions import Combinable
from django.db.models.fields.files import FieldFile
from django.forms import ClearableFileInput, FileField

from ublog.blog import images
from ublog.core.text import PlainTextField

MAX_ALT = 1000  # code points
DIRECTORY = "pictures"  # of the images of posts


class CounterField(models.PositiveIntegerField):  # type: ignore[type-arg]
    """A count that a database trigger keeps: Django reads it and never writes it.

    Saving a model writes every column, and would set the count back to what was read; here it sets
    the column to itself.
    """

    def pre_save(self, instance: models.Model, add: bool) -> int | Combinable:
        return 0 if add else F(self.attname)


# Well-formed tags: RFC 5646, section 2.1, without the grandfathered ones.
LANGUAGE_TAG = re.compile(
    r"([a-z]{2,3}(-[a-z]{3}){0,3}|[a-z]{4,8})(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?"
    r"(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(-[a-wyz0-9](-[a-z0-9]{2,8})+)*(-x(-[a-z0-9]{1,8})+)?"
)
MAX_LANGUAGE_TAG = 35  # characters: RFC 5646, section 4.4.1


class LanguageTagField(PlainTextField):
    """A language by its BCP 47 tag, such as `en` or `zh-Hant-TW`; None: it is not known."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(
            *args, **{"max_length": MAX_LANGUAGE_TAG, "null": True, "blank": True, **options}
        )

    def to_python(self, value: Any) -> str | None:
        """Return the tag in the case of RFC 5646, section 2.1.1. Raise ValidationError."""
        tag = (super().to_python(value) or "").lower()
        if tag and not (len(tag) <= MAX_LANGUAGE_TAG and LANGUAGE_TAG.fullmatch(tag)):
            raise ValidationError("Give a language tag such as en or pt-BR.", code="language")
        # After a singleton, which begins an extension, all subtags are in lower case.
        subtags, singleton, extension = re.match(r"(.*?)(-.-|$)(.*)", tag).groups()  # type: ignore[union-attr]
        first, *others = subtags.split("-")
        cases = {2: str.upper, 4: str.title}
        shown = [first, *(cases.get(len(part), str)(part) for part in others)]
        return "-".join(shown) + singleton + extension or None


def is_stored(file: FieldFile) -> bool:
    """Return whether there is a file in the storage, not only an upload in memory."""
    return bool(file) and file._committed  # type: ignore[attr-defined]  # not documented


def check_accepted(file: FieldFile) -> None:
    """Raise TypeError for an upload that was not re-encoded: no client's bytes are stored."""
    if file and not is_stored(file) and not isinstance(file.file, images.AcceptedImage):
        raise TypeError("This image was not accepted: see images.accept")


def random_stem(directory: str) -> str:
    """Return a random name without an extension, to store a file under in that directory."""
    name = uuid.uuid4().hex
    return f"{directory}/{name[:2]}/{name}"


def random_name(instance: models.Model, filename: str) -> str:
    """Return a random name to store an image under; only the extension of `filename` is kept."""
    return f"{random_stem(DIRECTORY)}.{filename.rsplit('.', 1)[-1]}"


class AcceptedImageInput(ClearableFileInput):
    template_name = "widgets/picture.html"


class AcceptedImageFormField(FileField):
    widget = AcceptedImageInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the upload, whose size is checked. The action decodes it if the user may post."""
        upload = super().clean(data, initial)
        if upload and upload is not initial:
            images.check_size(upload)
        return upload

    def widget_attrs(self, widget: Any) -> dict[str, str]:
        return {"accept": ",".join(images.CONTENT_TYPES)}


class AcceptedImageField(models.ImageField):
    """An ImageField that stores re-encoded images only: see `images.accept`.

    Validation does not decode, which costs: it does not know yet whether the user may post.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"upload_to": random_name, **options})

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        if value and not is_stored(value):
            images.check_size(value.file)
        return super().clean(value, model_instance)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        check_accepted(getattr(model_instance, self.attname))
        return super().pre_save(model_instance, add)

    def formfield(self, **options: Any) -> Any:
        return models.Field.formfield(self, **{"form_class": AcceptedImageFormField, **options})
