"""Storing the people, posts and likes of a demonstration, a batch at a time.

Memory holds one batch and the ids of the people. Each batch is one transaction, so whoever stops
it half way has a smaller site, and a whole one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import TypeVar

from django.db import connection
from django.utils import timezone

from ublog.accounts.models import CustomUser
from ublog.blog import files, tasks
from ublog.blog.demo import pictures
from ublog.blog.demo.texts import Language, languages
from ublog.blog.models import MAX_BODY, Post, PostLike

DOMAIN = "example.org"  # RFC 2606, section 3: nobody's address
BATCH = 200  # posts a transaction
LIKES_BATCH = 5_000  # rows an INSERT
SPAN = timedelta(days=240)  # between the oldest post and the newest
NEWEST = timedelta(minutes=2)  # the age of the newest post
ILLUSTRATED = 800  # the newest posts; a quarter of them has a picture, each a file of its own
SPREAD = 1.2  # sigma of the log-normal likes of a post: most have few, some have many
Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def add_people(number: int, password: str, rng: Random) -> list[int]:
    """The ids of that many people of ours, who all have this (hashed) password.

    Those whom an earlier demonstration made are taken as they are, but for their password.
    """
    ours = CustomUser.objects.filter(email__endswith=f"@{DOMAIN}", is_staff=False)
    ours.update(password=password)
    for people in batches(new_people(number, password, rng), LIKES_BATCH):
        CustomUser.objects.bulk_create(people, ignore_conflicts=True)
    return list(ours.order_by("pk").values_list("pk", flat=True)[:number])


def new_people(number: int, password: str, rng: Random) -> Iterator[CustomUser]:
    tongues = languages()
    for each in range(number):
        turn, tongue = divmod(each, len(tongues))
        username, name = tongues[tongue].person(turn)
        joined = timezone.now() - SPAN - timedelta(days=rng.uniform(1, 100))
        yield CustomUser(
            email=f"{username}@{DOMAIN}",
            username=username,
            display_name=name,
            bio=tongues[tongue].say("bio", rng),
            password=password,
            date_joined=joined,
            activated_on=joined,
        )


@dataclass(frozen=True)
class Filling:
    """What to add: `posts` by `people` (ids as `add_people` gave them), with `likes` in all."""

    people: list[int]
    posts: int
    likes: int
    rng: Random
    tongues: list[Language] = field(default_factory=languages)
    now: datetime = field(default_factory=timezone.now)

    def store(self) -> Iterator[int]:
        """Store it all; yields the number of posts stored, again and again."""
        stored, shares = 0, self.shares()
        for posts in batches(self.new_posts(), max(1, min(BATCH, self.posts // 20))):
            self.store_batch(posts, shares)
            stored += len(posts)
            yield stored

    def store_batch(self, posts: list[Post], shares: Iterator[int]) -> None:
        with files.storing_images(*posts):
            Post.objects.bulk_create(posts)
            for likes in batches(self.likes_of(posts, shares), LIKES_BATCH):
                PostLike.objects.bulk_create(likes)
        for post in posts:
            if post.image:
                tasks.render(post.pk)

    def new_posts(self) -> Iterator[Post]:
        """The posts, oldest first as the ids grow; the nearer to now, the more there are."""
        for left in range(self.posts, 0, -1):
            age = SPAN * ((left - self.rng.random()) / self.posts) ** 2
            illustrated = left <= ILLUSTRATED and self.rng.random() < 0.25
            yield self.new_post(self.now - NEWEST - age, illustrated=illustrated)

    def new_post(self, created_on: datetime, *, illustrated: bool) -> Post:
        """Somebody's, in their language; one in twenty is anonymous, one in twenty was edited."""
        author = self.rng.randrange(len(self.people))
        body = self.text("caption" if illustrated else "post", author)
        post = Post(created_on=created_on, modified_on=created_on, body=body)
        if self.rng.random() > 0.05:
            post.created_by_id = self.people[author]
        if self.rng.random() < 0.05:
            later = timedelta(minutes=self.rng.expovariate(1 / 20))
            post.modified_on = min(created_on + later, self.now)
        if illustrated:
            picture, post.image_alt = pictures.draw(self.rng)
            post.image = picture
            post.accept_image()  # notes its size
        return post

    def text(self, rule: str, author: int) -> str:
        tongue = self.tongues[author % len(self.tongues)]
        while len(text := tongue.say(rule, self.rng)) > MAX_BODY:
            pass
        return text

    def shares(self) -> Iterator[int]:
        """How many people like each post: a long tail, and one favourite on the first page."""
        most, others = len(self.people), self.posts - 1
        crowd = max(min(most, self.likes // 4), self.likes - others * most)
        ordinary = self.spread(self.likes - crowd, others)
        favourite = self.posts - min(self.posts, 5)
        for number in range(self.posts):
            yield crowd if number == favourite else next(ordinary)

    def spread(self, likes: int, posts: int) -> Iterator[int]:
        """Shares of these likes for these posts, at most one like each, that add up."""
        most = len(self.people)
        for others in range(posts - 1, -1, -1):
            draw = self.rng.lognormvariate(-(SPREAD**2) / 2, SPREAD)  # 1 on average
            wanted = round(draw * likes / (others + 1))
            share = min(max(wanted, likes - others * most), likes, most)
            likes -= share
            yield share

    def likes_of(self, posts: list[Post], shares: Iterator[int]) -> Iterator[PostLike]:
        """Likes of different people, given between the post's creation and now."""
        for post, share in zip(posts, shares, strict=False):
            age = self.now - post.created_on
            for person in self.rng.sample(self.people, share):
                liked_on = post.created_on + age * self.rng.random() ** 3
                yield PostLike(post_id=post.pk, liked_by_id=person, liked_on=liked_on)


def counts_agree() -> bool:
    """Whether the like counts add up to the likes; one statement, so at one moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT coalesce(sum(like_count), 0) FROM blog_post)"
            " = (SELECT count(*) FROM blog_postlike)"
        )
        return bool(cursor.fetchone()[0])
