"""Pictures that an app sends before the post to which they will belong."""

from typing import Any

from django.core.exceptions import ValidationError

from ublog.blog import upload_actions
from ublog.blog.post_rows import ImageInfo
from ublog.blog.uploads import Upload
from ublog.core.ids import parse_id
from ublog.interfaces.mastodon.authentication import needs
from ublog.interfaces.mastodon.entities import media_json
from ublog.interfaces.mastodon.errors import renamed
from ublog.interfaces.mastodon.requests import ApiRequest

# A picture in a post has the id of the post. Those of uploads are larger than any of these: an edit
# names either.
FIRST_ID = 10**15


@needs("write:media")
def upload(request: ApiRequest) -> Any:
    """Store a picture. It is ready at once."""
    image = request.http.FILES.get("file")
    try:
        made = upload_actions.upload(
            by=request.viewer, image=image, image_alt=request.text("description")
        )
    except ValidationError as error:
        raise renamed(error) from None
    return upload_json(made)


@needs("write:media")
def show(request: ApiRequest, pk: str) -> Any:
    """Return a picture that is in no post yet."""
    return upload_json(upload_actions.get_upload(by=request.viewer, upload_id=upload_id(pk)))


@needs("write:media")
def describe(request: ApiRequest, pk: str) -> Any:
    """Change the description of a picture that is in no post yet."""
    if "description" not in request.params:
        return show(request, pk)
    text = request.text("description")
    try:
        found = upload_actions.describe(by=request.viewer, upload_id=upload_id(pk), image_alt=text)
    except ValidationError as error:
        raise renamed(error) from None
    return upload_json(found)


def upload_id(media_id: str) -> int:
    """Return the id of an upload, as `media_json` has it; 0 for another one."""
    return max(0, parse_id(media_id) - FIRST_ID)


def upload_json(upload: Upload) -> dict[str, Any]:
    """Return an upload as a picture of Mastodon's API."""
    image: ImageInfo = {
        "url": upload.image.url,
        "width": upload.image_width,
        "height": upload.image_height,
        "alt": upload.image_alt,
        "color": upload.image_color,
        "renditions": [],
    }
    return media_json(FIRST_ID + upload.pk, {**image, "renditions": [image]})


def attachments(request: ApiRequest, post_pk: str = "") -> dict[str, Any]:
    """Return the arguments of `publish` or `edit` for `media_ids`: an upload, or no image.

    In an edit, the id of the post keeps its picture. Raise ValidationError for more than one.
    """
    ids = [one for one in request.texts("media_ids") if one]
    if len(ids) > 1:
        raise ValidationError({"media_ids": ["A post has one picture: send one of these."]})
    if not ids:
        return {"image": ""} if "media_ids" in request.params else {}
    described = descriptions(request)
    if ids == [post_pk]:
        return {"image_alt": described[post_pk]} if post_pk in described else {}
    return {"upload": upload_id(ids[0]) or -1}


def descriptions(request: ApiRequest) -> dict[str, str]:
    """Return the new descriptions of `media_attributes` by id: JSON, or a form of one of them."""
    sent = request.params.get("media_attributes")
    if not isinstance(sent, list):
        name = "media_attributes[]"
        sent = [{field: request.params.get(f"{name}[{field}]") for field in ("id", "description")}]
    found = [one for one in sent if isinstance(one, dict)]
    return {
        str(one.get("id")): one["description"]
        for one in found
        if isinstance(one.get("description"), str)
    }
