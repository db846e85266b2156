"""The networks of anonymous posts: remembered for some days as keyed hashes, then forgotten."""

from celery import shared_task
from django.utils import timezone

from ublog.accounts.blocks import network_hash
from ublog.blog.models import Post
from ublog.blog.reports import PostNetwork
from ublog.core.client_address import caller_address

FORGOTTEN_AT_ONCE = 1_000


def remember(post: Post) -> None:
    """Store the network of this request with a new post that has no author."""
    hash = "" if post.created_by_id else network_hash(caller_address.get())
    if hash:
        PostNetwork.objects.create(post=post, hash=hash)


@shared_task(name="ublog.blog.networks.forget")
def forget() -> int:
    """Delete the hashes that are older than PostNetwork.KEEP, in batches; return how many."""
    deleted = 0
    old = PostNetwork.objects.filter(created_on__lt=timezone.now() - PostNetwork.KEEP)
    while batch := list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]):
        deleted += PostNetwork.objects.filter(pk__in=batch).delete()[0]
    return deleted
