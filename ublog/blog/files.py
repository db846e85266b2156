"""The files of posts: stored with their post or not at all, and deleted with it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from ublog.blog.fields import check_accepted
from ublog.blog.models import Post

log = logging.getLogger(__name__)

DIRECTORY = "pictures"


@contextmanager
def storing() -> Iterator[Callable[[str, File[bytes]], str]]:
    """Yield `store(name, content)`, which stores a file and returns the name that it got.

    When the block raises, the files that it stored are deleted.
    """
    stored = []

    def store(name: str, content: File[bytes]) -> str:
        stored.append(name)  # before saving: a full disk may leave half a file
        stored.append(default_storage.save(name, content))
        return stored[-1]

    try:
        yield store
    except BaseException:
        for name in stored:
            delete(name)
        raise


@contextmanager
def storing_images(*posts: Post) -> Iterator[None]:
    """Store the new images of these posts, then run the block in a transaction.

    The files come first, since other writers must not wait for them. They are deleted when the
    block raises.
    """
    with storing() as store:
        for post in posts:
            if post.has_new_image:
                check_accepted(post.image)
                name = post.image.field.generate_filename(post, str(post.image.name))
                post.image = store(name, post.image.file)
        with transaction.atomic():
            yield


def orphans(older_than: timedelta) -> Iterator[str]:
    """Yield the names of stored files that no post refers to and that are older.

    In sixteen parts, which bounds the memory. Files are listed before posts are read, so a file
    that is stored in between is in neither; one whose post is not committed yet is younger.
    """
    directories = list_directory(DIRECTORY)[0]
    for part in sorted({name[0] for name in directories}):
        paths = [f"{DIRECTORY}/{name}" for name in directories if name[0] == part]
        stored = {f"{path}/{file}" for path in paths for file in list_directory(path)[1]}
        for name in stored - Post.objects.file_names_in(f"{DIRECTORY}/{part}"):
            if is_older(name, older_than):
                yield name


def is_older(name: str, age: timedelta) -> bool:
    """Return whether a stored file is older than that; one that is gone is not."""
    try:
        return default_storage.get_modified_time(name) < timezone.now() - age
    except FileNotFoundError:
        return False


def list_directory(path: str) -> tuple[list[str], list[str]]:
    """Return the names of the directories and of the files in a directory of the storage.

    Both lists are empty when there is no such directory.
    """
    try:
        return default_storage.listdir(path)
    except FileNotFoundError:
        return [], []


def discard(names: set[str]) -> None:
    """Delete these stored files once the transaction is committed."""
    for name in names:
        transaction.on_commit(partial(delete, name))


def delete(name: str) -> None:
    try:
        default_storage.delete(name)
    except Exception:  # an error of the storage must not fail the request: the post is deleted
        log.exception("A picture that is no longer needed could not be deleted: %s", name)


@receiver(post_delete, sender=Post)
def discard_files(instance: Post, **_: Any) -> None:
    """Delete the files of a deleted post, also when the admin or a shell deletes it."""
    discard(instance.file_names)
