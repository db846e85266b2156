"""The files of posts: stored whole or not at all, gone when their post or picture goes."""

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

FOLDER = "pictures"


@contextmanager
def storing() -> Iterator[Callable[[str, File[bytes]], str]]:
    """`with storing() as store: …`: what was stored is deleted when the block fails.

    `store(name, content)` stores a file and answers the name it got.
    """
    stored = []

    def store(name: str, content: File[bytes]) -> str:
        stored.append(name)  # first: a disk that is full keeps half a file
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
    """A transaction to store these posts in. New pictures are stored before, since other writers
    must not wait for a file, and deleted when the transaction fails."""
    with storing() as store:
        for post in posts:
            if post.has_new_image:
                check_accepted(post.image)
                name = post.image.field.generate_filename(post, str(post.image.name))
                post.image = store(name, post.image.file)
        with transaction.atomic():
            yield


def orphans(older_than: timedelta) -> Iterator[str]:
    """Yield the stored files that no post names, in sixteen parts, so that memory stays small.

    What posts name is asked after the files are listed: a file that is stored in between is in
    neither, and one whose post is not committed yet is younger than `older_than`.
    """
    directories = contents(FOLDER)[0]
    for part in sorted({name[0] for name in directories}):
        ours = [f"{FOLDER}/{name}" for name in directories if name[0] == part]
        stored = {f"{path}/{file}" for path in ours for file in contents(path)[1]}
        for name in stored - Post.objects.stored_in(f"{FOLDER}/{part}"):
            if is_older(name, older_than):
                yield name


def is_older(name: str, age: timedelta) -> bool:
    """Return whether a stored file is older; one that was just deleted is not."""
    try:
        return default_storage.get_modified_time(name) < timezone.now() - age
    except FileNotFoundError:
        return False


def contents(folder: str) -> tuple[list[str], list[str]]:
    """The folders and files in a stored folder; none in one that is not there."""
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def discard(names: set[str]) -> None:
    """Delete these stored files once the transaction is committed; it may yet be rolled back."""
    for name in names:
        transaction.on_commit(partial(delete, name))


def delete(name: str) -> None:
    try:
        default_storage.delete(name)
    except Exception:  # the post is gone all the same, whatever the storage says
        log.exception("A picture that is no longer needed could not be deleted: %s", name)


@receiver(post_delete, sender=Post)
def discard_files(instance: Post, **_: Any) -> None:
    """A signal, so that the admin's and the shell's deletions take their files along."""
    discard(instance.file_names)
