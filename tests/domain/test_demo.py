"""`manage.py demo` fills a site with people who might be real."""

import io
import re
import unicodedata
from random import Random

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import Count, F
from django.utils import timezone

from ublog.accounts.models import CustomUser
from ublog.blog import actions
from ublog.blog.demo import fill, pictures
from ublog.blog.demo.texts import languages
from ublog.blog.models import MAX_BODY, Post, PostLike
from ublog.blog.notifications import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_pictures(monkeypatch):
    """Drawing at full size would make these tests slow and prove no more."""
    monkeypatch.setattr(pictures, "SIZES", [(90, 60)])


@pytest.fixture
def rng():
    return Random(3)


def demo(*flags: str) -> str:
    out = io.StringIO()
    call_command("demo", *flags, stdout=out)
    return out.getvalue()


def files(media) -> set[str]:
    return {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}


def content() -> list[tuple]:
    return list(Post.objects.order_by("pk").values_list("body", "image_alt", "like_count"))


def wrong_counts():
    """Posts whose like count is not their number of likes."""
    return Post.objects.annotate(n=Count("postlike")).exclude(n=F("like_count"))


def test_people_are_notified_of_replies_and_likes():
    demo("--posts", "120", "--seed", "1")
    kinds = Notification.objects.values_list("kind", flat=True)
    assert set(kinds) == {"reply", "like"}
    assert not Notification.objects.filter(user=F("actor"))
    assert not Notification.objects.filter(created_on__gt=timezone.now())
    counts = [Notification.objects.count_unread(user) for user in CustomUser.objects.all()]
    assert 0 < sum(counts) < len(kinds)


def test_an_empty_site_becomes_lively(media):
    demo("--posts", "120", "--seed", "1")
    posts = Post.objects.all()
    assert (posts.count(), CustomUser.objects.count(), PostLike.objects.count()) == (120, 40, 1200)
    assert posts.filter(created_by=None).exists()
    assert posts.exclude(modified_on=F("created_on")).exists()
    assert not posts.filter(created_on__lt=CustomUser.objects.latest("date_joined").date_joined)
    assert not posts.filter(modified_on__lt=F("created_on"))
    assert not PostLike.objects.filter(liked_on__lt=F("post__created_on"))


def test_the_newest_post_is_minutes_old_and_the_oldest_is_months_old(db):
    demo("--posts", "60")
    newest, oldest = Post.objects.first(), Post.objects.last()
    assert newest.pk > oldest.pk
    assert (newest.created_on - oldest.created_on).days > 200


def test_likes_have_a_long_tail_and_one_favourite_on_the_first_page(alice):
    demo("--posts", "100", "--add")
    counts = sorted(Post.objects.values_list("like_count", flat=True))
    page = Post.objects.timeline(alice)
    assert max(post.like_count for post in page.items) == counts[-1] == 40
    assert counts[50] < 10 < counts[-5]
    assert not wrong_counts()


def test_people_talk_about_some_posts_more_than_about_others():
    demo("--posts", "300", "--seed", "5")
    replies = Post.objects.exclude(in_reply_to=None)
    assert 80 < replies.count() < 150
    assert not replies.filter(created_on__lt=F("in_reply_to__created_on"))
    assert not replies.filter(conversation=None)
    counts = Post.objects.filter(in_reply_to=None).values_list("reply_count", flat=True)
    assert max(counts) >= 4 > min(counts)
    assert replies.exclude(in_reply_to__in_reply_to=None).exists()
    assert fill.counts_agree()


@pytest.mark.parametrize("likes", [0, 1, 59, 60])
def test_the_likes_are_as_many_as_asked_for(likes):
    demo("--posts", "12", "--people", "5", "--likes", str(likes))
    assert PostLike.objects.count() == likes
    assert not wrong_counts()


def test_one_can_log_in_as_the_person_that_is_named():
    email, password = re.search(r"as (\S+) with the password (\S+)", demo("--posts", "3")).groups()
    assert authenticate(username=email, password=password).email == "alice@example.org"


def test_all_that_is_written_and_drawn_is_acceptable():
    demo("--posts", "80", "--seed", "2")
    for post in Post.objects.all():
        post.check_acceptable()
        assert post.body_folded
        assert bool(post.image) == bool(post.image_alt) == bool(post.image_width)
    for person in CustomUser.objects.all():
        person.full_clean()


def test_the_grammar_of_each_language_is_complete_and_short_enough(rng):
    for tongue in languages():
        for rule in tongue.rules.keys() - {"name", "given", "family"}:
            for _ in range(30):
                assert "{" not in tongue.generate(rule, rng)
        assert any(len(tongue.generate("post", rng)) <= MAX_BODY for _ in range(30))


def test_several_scripts_are_written():
    demo("--posts", "100", "--seed", "3")
    letters = set("".join(Post.objects.values_list("body", flat=True)))
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in letters}
    assert {"LATIN", "GREEK", "CYRILLIC", "ARABIC", "DEVANAGARI", "HIRAGANA", "CJK"} <= scripts


def test_no_two_of_a_language_are_the_same_person():
    for tongue in languages():
        names = [tongue.person(number)[0] for number in range(500)]
        assert len(set(names)) == 500
        assert max(map(len, names)) <= 30


def test_each_picture_has_files_of_its_own(media, django_capture_on_commit_callbacks):
    demo("--posts", "40", "--seed", "4")
    illustrated = list(Post.objects.exclude(image=""))
    names = [name for post in illustrated for name in post.file_names]
    # One that is no wider than a rendition is its own (ADR 16).
    assert len(names) == len(set(names)) >= len(illustrated) > 0
    assert files(media) == set(names)
    with django_capture_on_commit_callbacks(execute=True):
        illustrated[0].delete()
    assert files(media) == set(names) - illustrated[0].file_names


def test_the_same_seed_gives_the_same_content():
    demo("--posts", "30", "--seed", "5")
    first = content()
    Post.objects.all().delete()
    demo("--posts", "30", "--seed", "5", "--add")
    assert content() == first


def test_a_site_that_people_use_is_left_alone(alice, post, everything):
    post(alice)
    before = everything()
    with pytest.raises(CommandError, match=r"^The database is not empty. Say --add"):
        demo()
    assert everything() == before


def test_an_administrator_alone_does_not_make_a_site_used(staff):
    demo("--posts", "2")
    assert Post.objects.count() == 2


def test_run_twice_it_adds_posts_by_the_same_people():
    demo("--posts", "10")
    demo("--posts", "10", "--add")
    assert (Post.objects.count(), CustomUser.objects.count()) == (20, 40)
    assert not wrong_counts()


def test_somebody_who_has_the_name_keeps_it_and_their_password():
    real = CustomUser.objects.create_user("alice@club.test", "hers", username="Alice")
    said = demo("--posts", "5", "--add")
    real.refresh_from_db()
    assert real.check_password("hers")
    assert "alice@" not in said
    assert not Post.objects.filter(created_by=real).exists()


@pytest.mark.parametrize(
    ("flags", "complaint"),
    [
        (["--posts", "0"], "give a whole number from 1 to 1,000,000, not '0'"),
        (["--posts", "ten"], "give a whole number from 1 to 1,000,000, not 'ten'"),
        (["--people", "1000001"], "give a whole number from 1 to 1,000,000, not '1000001'"),
        (["--likes", "-1"], "give a whole number from 0, not '-1'"),
        (["--likes", "7", "--posts", "2", "--people", "3"], "3 people can like 2 posts 6 times"),
    ],
)
def test_a_flag_that_makes_no_sense_is_an_error_with_a_reason(flags, complaint, everything):
    before = everything()
    with pytest.raises(CommandError, match=re.escape(complaint)):
        demo(*flags)
    assert everything() == before


def test_stopped_half_way_it_leaves_a_smaller_site_that_is_whole(media, monkeypatch):
    monkeypatch.setattr(fill, "BATCH", 10)
    create = PostLike.objects.bulk_create
    calls = iter(range(1000))

    def interrupted(likes):
        if next(calls) == 3:
            raise KeyboardInterrupt
        return create(likes)

    monkeypatch.setattr(PostLike.objects, "bulk_create", interrupted)
    with pytest.raises(CommandError, match="Stopped") as stopped:
        demo("--posts", "200", "--seed", "6")
    assert stopped.value.returncode == 130
    assert Post.objects.count() == 30
    assert not wrong_counts()
    assert files(media) == {name for post in Post.objects.all() for name in post.file_names}


def test_its_posts_are_posts_like_any_other():
    demo("--posts", "5")
    newest = Post.objects.first()
    visitor = CustomUser.objects.create_user("visitor@club.test")
    assert actions.like(post_id=newest.pk, by=visitor).like_count == newest.like_count + 1


def test_the_progress_is_shown_in_a_log_too():
    said = demo("--posts", "50")
    assert "[##############################] 50 of 50 posts" in said
    assert "\r" not in said
