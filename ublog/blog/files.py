"""The files of posts and profiles: stored with their row or not at all, and deleted with it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache, partial
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from ublog.accounts.models import CustomUser
from ublog.blog.fields import DIRECTORY, check_accepted
from ublog.blog.models import Post
from ublog.blog.uploads import Upload

log = logging.getLogger(__name__)

AVATARS = "avatars"  # of profiles


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
    """Store the new images of these posts, then run the block, which may open a transaction.

    The files come first, since other writers must not wait for them. They are deleted when the
    block raises.
    """
    with storing() as store:
        for post in posts:
            if post.has_new_image:
                check_accepted(post.image)
                name = post.image.field.generate_filename(post, str(post.image.name))
                post.image = store(name, post.image.file)
        yield


def orphans(older_than: timedelta) -> Iterator[str]:
    """Yield the names of stored files that no post, upload or user refers to and that are older.

    In sixteen parts each, which bounds the memory. Files are listed before rows are read, so a file
    that is stored in between is in neither; one whose row is not committed yet is younger.
    """
    named_in = {
        DIRECTORY: file_names_in,
        AVATARS: CustomUser.objects.avatar_names_in,
    }
    for directory, names_in in named_in.items():
        below = list_directory(directory)[0]
        for part in sorted({name[0] for name in below}):
            paths = [f"{directory}/{name}" for name in below if name[0] == part]
            stored = {f"{path}/{file}" for path in paths for file in list_directory(path)[1]}
            for name in stored - names_in(f"{directory}/{part}"):
                if is_older(name, older_than):
                    yield name


def file_names_in(prefix: str) -> set[str]:
    """Return the names, from that prefix on, of the files of uploads and posts.

    In this order: what is published between the two queries is in the second one.
    """
    names = Upload.objects.file_names_in(prefix)
    return names.union(Post.objects.file_names_in(prefix))


def is_older(name: str, age: timedelta) -> bool:
    """Return whether a stored file is older than that; one that is gone is not."""
    try:
        return default_storage.get_modified_time(name) < timezone.now() - age
    except FileNotFoundError:
        return False


def stored_size(name: str) -> int:
    """Return the size of a stored file in bytes; 0 when it does not exist."""
    return default_storage.size(name) if default_storage.exists(name) else 0


# Names are random and never used again, so a size stays. With S3 each is two requests.
cached_size = lru_cache(maxsize=4096)(stored_size)


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
