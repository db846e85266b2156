"""What a post is for the viewer who reads it: the columns that are annotated to its own."""

from functools import cache
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery, Value

from ublog.blog.mutes import mute_columns
from ublog.blog.post_rows import VIEWER_COLUMNS, VIEWER_MARKS
from ublog.blog.states import moderates
from ublog.core.viewers import Viewer

NOTHING = Value(None, models.BigIntegerField())


def viewer_columns(model: type[models.Model], viewer: Viewer, post: str = "pk") -> dict[str, Any]:
    """Return an expression for each of VIEWER_COLUMNS, by name.

    It is the id of the viewer's mark on a post, or of a mute that concerns it, or NULL;
    `viewer_moderates` says whether the viewer is a moderator. `model` is that of posts, `post` the
    name of the field with the id of the post.
    """
    if not viewer.pk:
        return dict.fromkeys(VIEWER_COLUMNS, NOTHING)
    marks = {name: marks_of_post(model, relation, post) for name, relation in VIEWER_MARKS.items()}
    mine = {name: of.filter(**{of.model.USER: viewer.pk}) for name, of in marks.items()}
    columns = {name: Subquery(of[:1]) for name, of in mine.items()}
    return {**columns, **mute_columns(viewer, post), "viewer_moderates": moderates(viewer)}


@cache
def marks_of_post(model: type[models.Model], relation: str, post: str) -> Any:
    """Return the marks of a kind on the post of an outer query: made once, as `_rows` are."""
    marks: Any = model._meta.get_field(relation).related_model
    return marks.objects.filter(post=OuterRef(post)).values("pk")
