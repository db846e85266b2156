"""Store the users, posts, replies and likes of a demonstration, one batch after the other.

Memory holds one batch and the ids of the users. Each batch is one transaction, so a command that is
stopped leaves a smaller but consistent site.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import NamedTuple, TypeVar

from django.db import connection, transaction
from django.utils import timezone

from ublog.accounts.models import CustomUser
from ublog.accounts.notification_settings import EmailNotifications
from ublog.blog import files, tasks
from ublog.blog.demo import notifications, pictures
from ublog.blog.demo.texts import Language, languages
from ublog.blog.models import MAX_BODY, Post, PostLike

DOMAIN = "example.org"  # RFC 2606, section 3: reserved
BATCH = 200  # posts a transaction
LIKES_BATCH = 5_000  # rows an INSERT
SPAN = timedelta(days=240)  # between the oldest post and the newest
NEWEST = timedelta(minutes=2)  # the age of the newest post
ILLUSTRATED = 800  # the newest posts; a quarter of them has a picture, each a file of its own
REPLIES = 0.4  # of the posts
TALKED_ABOUT = 60  # places of posts to which a reply may be written
SPREAD = 1.2  # sigma of the log-normal likes of a post: most have few, some have many
Item = TypeVar("Item")


class Place(NamedTuple):
    """A stored post to which others may reply, in the language of its author."""

    pk: int
    conversation: int
    tongue: int


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def add_people(number: int, password: str, rng: Random) -> list[int]:
    """Return the ids of that many users of DOMAIN, who all have this hashed password.

    Users of an earlier demonstration are used again, with the new password.
    """
    users = CustomUser.objects.filter(email__endswith=f"@{DOMAIN}", is_staff=False)
    users.update(password=password)
    for batch in batches(generate_people(number, password, rng), LIKES_BATCH):
        CustomUser.objects.bulk_create(batch, ignore_conflicts=True)
    return list(users.order_by("pk").values_list("pk", flat=True)[:number])


def generate_people(number: int, password: str, rng: Random) -> Iterator[CustomUser]:
    tongues = languages()
    for each in range(number):
        turn, tongue = divmod(each, len(tongues))
        username, name = tongues[tongue].person(turn)
        joined = timezone.now() - SPAN - timedelta(days=rng.uniform(1, 100))
        yield CustomUser(
            email=f"{username}@{DOMAIN}",
            username=username,
            display_name=name,
            bio=tongues[tongue].generate("bio", rng),
            password=password,
            date_joined=joined,
            activated_on=joined,
            email_notifications=EmailNotifications.OFF,  # nobody reads mails to DOMAIN
        )


@dataclass(frozen=True)
class DemoContent:
    """`posts` posts by `people` (ids that `add_people` returned), with `likes` likes in all."""

    people: list[int]
    posts: int
    likes: int
    rng: Random
    tongues: list[Language] = field(default_factory=languages)
    now: datetime = field(default_factory=timezone.now)
    # A post has one place for itself and one for each reply, so that some are talked about a lot.
    talk: deque[Place] = field(default_factory=lambda: deque(maxlen=TALKED_ABOUT))
    tongues_used: deque[int] = field(default_factory=deque)  # of the posts of one batch

    def store(self) -> Iterator[int]:
        """Store everything; yield the number of stored posts after each batch."""
        stored, like_counts = 0, self.like_counts()
        for posts in batches(self.generate_posts(), max(1, min(BATCH, self.posts // 20))):
            self.store_batch(posts, like_counts)
            stored += len(posts)
            yield stored
        notifications.mark_read(self.people, self.now)

    def store_batch(self, posts: list[Post], like_counts: Iterator[int]) -> None:
        with files.storing_images(*posts), transaction.atomic():
            Post.objects.bulk_create(posts)
            self.remember(posts)
            for likes in batches(self.generate_likes(posts, like_counts), LIKES_BATCH):
                PostLike.objects.bulk_create(likes)
            notifications.notify(posts, self.now)
        for post in posts:
            if post.image:
                tasks.render(post.pk)

    def generate_posts(self) -> Iterator[Post]:
        """Yield the posts, oldest first, so that ids grow with time; most are recent."""
        for left in range(self.posts, 0, -1):
            age = SPAN * ((left - self.rng.random()) / self.posts) ** 2
            is_favourite = left == min(self.posts, 5)
            is_reply = self.talk and not is_favourite and self.rng.random() < REPLIES
            place = self.rng.choice(self.talk) if is_reply else None
            illustrated = not is_reply and left <= ILLUSTRATED and self.rng.random() < 0.25
            yield self.generate_post(self.now - NEWEST - age, place, illustrated=illustrated)

    def remember(self, posts: list[Post]) -> None:
        """Let the next batches reply to these stored posts, and to those that they reply to."""
        for post in posts:
            conversation, tongue = post.conversation or post.pk, self.tongues_used.popleft()
            if post.in_reply_to_id:
                self.talk.append(Place(post.in_reply_to_id, conversation, tongue))
            self.talk.append(Place(post.pk, conversation, tongue))

    def generate_post(
        self, created_on: datetime, place: Place | None, *, illustrated: bool
    ) -> Post:
        """Return a post in the language of its author; 5 % are anonymous, and 5 % edited.

        With a place it is a reply there, by somebody of the same language.
        """
        author = self.rng.randrange(len(self.people))
        if place:
            author = self.rng.choice(range(place.tongue, len(self.people), len(self.tongues)))
        rule = "reply" if place else "caption" if illustrated else "post"
        body = self.generate_text(rule, author)
        self.tongues_used.append(author % len(self.tongues))
        post = Post(created_on=created_on, modified_on=created_on, body=body)
        if place:
            post.in_reply_to_id, post.conversation = place.pk, place.conversation
        if self.rng.random() > 0.05:
            post.created_by_id = self.people[author]
        if self.rng.random() < 0.05:
            delay = timedelta(minutes=self.rng.expovariate(1 / 20))
            post.modified_on = min(created_on + delay, self.now)
        if illustrated:
            image, post.image_alt = pictures.draw(self.rng)
            post.image = image
            post.accept_image()  # sets its sizes
        return post

    def generate_text(self, rule: str, author: int) -> str:
        tongue = self.tongues[author % len(self.tongues)]
        while len(text := tongue.generate(rule, self.rng)) > MAX_BODY:
            pass
        return text

    def like_counts(self) -> Iterator[int]:
        """Yield how many users like each post: a long tail, and one favourite on page one."""
        most, others = len(self.people), self.posts - 1
        crowd = max(min(most, self.likes // 4), self.likes - others * most)
        ordinary = self.distribute(self.likes - crowd, others)
        favourite = self.posts - min(self.posts, 5)
        for number in range(self.posts):
            yield crowd if number == favourite else next(ordinary)

    def distribute(self, likes: int, posts: int) -> Iterator[int]:
        """Yield a number of likes for each of the posts: `likes` in all, at most one by a user."""
        most = len(self.people)
        for others in range(posts - 1, -1, -1):
            draw = self.rng.lognormvariate(-(SPREAD**2) / 2, SPREAD)  # 1 on average
            wanted = round(draw * likes / (others + 1))
            count = min(max(wanted, likes - others * most), likes, most)
            likes -= count
            yield count

    def generate_likes(self, posts: list[Post], like_counts: Iterator[int]) -> Iterator[PostLike]:
        """Yield likes by different users, at times between the creation of the post and now."""
        for post, count in zip(posts, like_counts, strict=False):
            age = self.now - post.created_on
            for person in self.rng.sample(self.people, count):
                liked_on = post.created_on + age * self.rng.random() ** 3
                yield PostLike(post_id=post.pk, liked_by_id=person, liked_on=liked_on)


def counts_agree() -> bool:
    """Return whether the counts add up to the likes and replies: one statement, so at one moment.

    A deleted reply is not counted.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT coalesce(sum(like_count), 0) FROM blog_post)"
            " = (SELECT count(*) FROM blog_postlike)"
            " AND (SELECT coalesce(sum(reply_count), 0) FROM blog_post)"
            " = (SELECT count(*) FROM blog_post WHERE in_reply_to_id IS NOT NULL AND state IS NULL)"
        )
        return bool(cursor.fetchone()[0])
