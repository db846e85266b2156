"""Fill the site with believable people, posts, pictures, conversations and likes."""

import secrets
import time
from argparse import ArgumentTypeError
from collections.abc import Callable
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from ublog.accounts.models import CustomUser
from ublog.blog.demo.fill import DemoContent, add_people, counts_agree
from ublog.blog.models import Post

MILLION = 1_000_000
BAR = 30  # characters


def integer(least: int, most: int | None = None) -> Callable[[str], int]:
    """Return a `type` for `add_argument`: an integer within these bounds."""
    wanted = f"from {least:,} to {most:,}" if most else f"from {least:,}"

    def parse(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1
        if number < least or (most and number > most):
            raise ArgumentTypeError(f"give a whole number {wanted}, not {text!r}")
        return number

    return parse


class Progress:
    """A progress bar on a terminal; elsewhere, such as in a log, a line for each tenth."""

    def __init__(self, out: Any, total: int) -> None:
        self.out, self.total = out, total
        self.started = time.monotonic()
        self.shown = -1

    def show(self, done: int) -> None:
        step = 100 if self.out.isatty() else 10
        if (now := done * step // self.total) == self.shown:
            return
        self.shown = now
        bar = ("#" * (BAR * done // self.total)).ljust(BAR, ".")
        seconds = time.monotonic() - self.started
        line = f"[{bar}] {done:,} of {self.total:,} posts, {seconds:.0f} s"
        if self.out.isatty():
            self.out.write(f"\r{line}", ending="\n" if done == self.total else "")
        else:
            self.out.write(line)
        self.out.flush()


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--posts", type=integer(1, MILLION), default=200)
        parser.add_argument(
            "--people", type=integer(1, MILLION), help="one for 20 posts unless given, at least 40"
        )
        parser.add_argument("--likes", type=integer(0), help="ten a post unless given")
        parser.add_argument("--seed", type=integer(0), help="the same number, the same content")
        parser.add_argument(
            "--add", action="store_true", help="add to what the database holds already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        posts = options["posts"]
        people = options["people"] or max(40, posts // 20)
        likes = min(10 * posts, people * posts) if options["likes"] is None else options["likes"]
        if likes > people * posts:
            raise CommandError(
                f"{people:,} people can like {posts:,} posts {people * posts:,} times, "
                f"not {likes:,} times."
            )
        self.check_database(add=options["add"])
        try:
            self.fill(people, posts, likes, Random(options["seed"]))  # noqa: S311  not a secret
        except KeyboardInterrupt:
            self.stdout.write("")  # the bar keeps its line
            raise CommandError("Stopped. What is stored is whole.", returncode=130) from None

    def check_database(self, *, add: bool) -> None:
        """Raise CommandError unless the database is empty, but for administrators, or `add` is set.

        The first administrator is often made before anything else.
        """
        try:
            people = CustomUser.objects.filter(is_superuser=False)
            empty = not (people.exists() or Post.objects.exists())
        except DatabaseError as problem:
            reason = " ".join(str(problem).split())
            raise CommandError(f"The database cannot be used: {reason}") from None
        if not (empty or add):
            raise CommandError("The database is not empty. Say --add to add to what is there.")

    def fill(self, people: int, posts: int, likes: int, rng: Random) -> None:
        password = secrets.token_urlsafe(9)  # not by the seed: the site may be public
        progress = Progress(self.stdout, posts)
        ids = add_people(people, make_password(password), rng)
        if not ids:
            raise CommandError("Nobody was added: others have their usernames.")
        for stored in DemoContent(ids, posts, min(likes, posts * len(ids)), rng).store():
            progress.show(stored)
        self.finish(ids[0], password)

    def finish(self, user_id: int, password: str) -> None:
        if not counts_agree():
            raise CommandError("The counts do not add up to the likes and replies.")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # for the query planner
        email = CustomUser.objects.get(pk=user_id).email
        self.stdout.write(f"Done. Log in as {email} with the password {password}")
        self.stdout.write("Everybody else at example.org has the same password.")
