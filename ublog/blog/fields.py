"""The kinds of field that a post has and Django does not."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F
from django.db.models.expressions import Combinable
from django.db.models.fields.files import FieldFile
from django.forms import ClearableFileInput, FileField

from ublog.blog import images


class CounterField(models.PositiveIntegerField):  # type: ignore[type-arg]
    """A count that a trigger keeps: Django reads it and never writes it.

    A whole-row save writes every column, and would put back the count as it was when the row
    was read; here it writes the column to itself.
    """

    def pre_save(self, instance: models.Model, add: bool) -> int | Combinable:
        return 0 if add else F(self.attname)


def is_stored(file: FieldFile) -> bool:
    """Whether there is a file, and in the storage already, not only in memory."""
    return bool(file) and file._committed  # type: ignore[attr-defined]  # not documented


def check_accepted(file: FieldFile) -> None:
    """Raise TypeError for an upload that was not decoded: what a client sends is never stored."""
    if file and not is_stored(file) and not isinstance(file.file, images.AcceptedImage):
        raise TypeError("This image was not accepted: see images.accept")


def random_name(instance: models.Model, filename: str) -> str:
    """Where a picture is stored: nothing of the client's file name is kept but our extension."""
    name = uuid.uuid4().hex
    return f"pictures/{name[:2]}/{name}.{filename.rsplit('.', 1)[-1]}"


class AcceptedImageInput(ClearableFileInput):
    template_name = "widgets/picture.html"


class AcceptedImageFormField(FileField):
    widget = AcceptedImageInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the upload, which the action has decoded once it knows who sends it."""
        upload = super().clean(data, initial)
        if upload and upload is not initial:
            images.check_size(upload)
        return upload

    def widget_attrs(self, widget: Any) -> dict[str, str]:
        return {"accept": ",".join(images.CONTENT_TYPES)}


class AcceptedImageField(models.ImageField):
    """An ImageField that stores accepted images only: see `images.accept`.

    Validation does not decode, which costs: it does not know who sends the image, and how many.
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
