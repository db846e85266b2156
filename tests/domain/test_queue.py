"""The queue of moderators: what was reported, once each, and held posts, newest first."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.steps import work_of
from ublog.accounts.models import Application, CustomUser
from ublog.blog import moderation, queue, report_actions
from ublog.blog.models import Post
from ublog.blog.queue import QueueKind
from ublog.blog.reports import Report
from ublog.blog.states import PostState


@pytest.fixture
def moderator(person):
    return person("mona", is_staff=True)


def test_reports_are_grouped_and_held_posts_are_among_them(alice, bob, moderator, post, staff):
    one, held = post(alice, "One"), post(alice, "Held", state=PostState.HELD)
    for by in (bob, staff, moderator):
        report_actions.report(post_id=one.pk, by=by, reason=f"By {by}")
    report_actions.report_user(username="alice", by=bob, reason="Rude")
    page = queue.page(moderator)
    assert [(item.kind, item.report_count) for item in page.items] == [
        (QueueKind.USER, 1),
        (QueueKind.POST, 3),
        (QueueKind.HELD, 0),
    ]
    person, reported, waiting = page.items
    assert (person.user, person.post) == (alice, None)
    assert (reported.post.body, reported.user) == ("One", alice)
    assert [report.reason for report in reported.reports] == ["By mona", "By sam", "By bob"]
    assert waiting.post.pk == held.pk
    assert queue.count(moderator) == 3
    assert queue.count(alice) == 0
    with pytest.raises(PermissionDenied):
        queue.page(alice)


def test_applications_are_among_them(alice, bob, moderator, post, person):
    report_actions.report(post_id=post(alice).pk, by=bob, reason="Spam")
    dora = person("dora", is_active=False)
    application = Application.objects.create(user=dora, reason="I row, too")
    post(state=PostState.HELD)
    held, joining, reported = queue.page(moderator).items
    assert (joining.kind, joining.user, joining.post) == (QueueKind.APPLICATION, dora, None)
    assert (joining.application, joining.id) == (application, f"application-{application.pk}")
    assert (joining.can_dismiss, joining.can_suspend) == (False, False)
    assert (held.application, reported.application) == (None, None)
    assert queue.count(moderator) == 3
    moderation.moderate_application(action="approve", application_id=application.pk, by=moderator)
    assert [item.kind for item in queue.page(moderator).items] == [held.kind, reported.kind]


def test_moderators_are_offered_what_they_may_do(bob, moderator, staff, post):
    """Neither dismiss reports of themselves nor act against others of staff."""
    for author in (moderator, staff, bob):
        report_actions.report(
            post_id=post(author).pk, by=bob if author != bob else staff, reason="Rude"
        )
    offered = {
        (str(by), str(item.user)): (item.can_dismiss, item.can_suspend)
        for by in (moderator, staff)
        for item in queue.page(by).items
    }
    assert offered == {
        ("mona", "mona"): (False, False),
        ("mona", "sam"): (True, False),
        ("mona", "bob"): (True, True),
        ("sam", "mona"): (True, True),
        ("sam", "sam"): (True, False),
        ("sam", "bob"): (True, True),
    }


def test_it_is_turned_by_its_cursor_whatever_its_sources(alice, bob, moderator, post):
    expected = []
    for number in range(6):
        one = post(alice, state=PostState.HELD if number % 2 else None)
        if not number % 2:
            report_actions.report(post_id=one.pk, by=bob, reason="Spam")
        expected.insert(0, one.pk)
    page, found = queue.page(moderator, page_size=2), []
    while True:
        found += [item.post.pk for item in page.items]
        if page.next is None:
            break
        page = queue.page(moderator, page_size=2, cursor=page.next)
    assert found == expected
    back = queue.page(moderator, page_size=2, cursor=page.previous)
    assert [item.post.pk for item in back.items] == expected[2:4]


def test_what_was_dealt_with_leaves_it(alice, bob, moderator, post):
    posts = [post(alice) for _ in range(3)] + [post(alice, state=PostState.HELD)]
    for one in posts[:3]:
        report_actions.report(post_id=one.pk, by=bob, reason="Spam")
    report_actions.report_user(username="alice", by=bob, reason="Spam")
    actions = ("hide", "delete", "dismiss", "approve")
    for left, (action, one) in enumerate(zip(actions, posts, strict=True)):
        assert queue.count(moderator) == 5 - left
        moderation.moderate_post(action=action, post_id=one.pk, by=moderator)
    moderation.moderate_user(action="suspend", username="alice", by=moderator)
    assert queue.page(moderator).items == []
    report_actions.report(post_id=posts[2].pk, by=bob, reason="Again")
    assert queue.count(moderator) == 1


def test_what_was_deleted_since_it_was_read_is_left_out(bob, moderator, post, person):
    user = person("dora", is_active=False)
    application = Application.objects.create(user=user)
    entries = queue.joining(queue.PageQuery.at())
    application.delete()
    assert queue.items(entries, moderator) == []
    one = post()
    report_actions.report(post_id=one.pk, by=bob, reason="Spam")
    entries = queue.reported(queue.PageQuery.at())
    one.delete()
    assert queue.items(entries, moderator) == []


# -- P22 -----------------------------------------------------------------------------------------


def fill(post, reports):
    """Store so many reports: half of them of one post, by people who have left, and of one each."""
    before = timezone.now() - timedelta(days=1)
    posts = Post.objects.bulk_create(
        Post(body="Spam", created_on=before + timedelta(milliseconds=n))
        for n in range(reports // 2)
    )
    first = [
        Report(post=one, subject=one.pk, reason="Spam", is_first=True, created_on=one.created_on)
        for one in posts
    ]
    crowd = [
        Report(post=post, subject=post.pk, reason="Spam", is_first=not number)
        for number in range(reports // 2)
    ]
    Report.objects.bulk_create(first + crowd, batch_size=5_000)
    people = CustomUser.objects.bulk_create(
        [
            CustomUser(
                email=f"{post.pk}.{n}@a.example", username=f"a{post.pk}_{n}", is_active=False
            )
            for n in range(reports // 4)
        ],
        batch_size=1_000,  # PostgreSQL takes 65,535 parameters
    )
    Application.objects.bulk_create(
        [Application(user=user, created_on=before) for user in people], batch_size=5_000
    )


@pytest.fixture
def work(moderator):
    """A function that returns the work of the first page and of the count."""

    def read():
        assert len(queue.page(moderator).items) == 20
        assert queue.count(moderator) == 200

    return lambda: work_of(read)


def test_p22_the_first_page_is_flat_to_100_000_reports(post, work):
    one = post()
    fill(one, 400)
    few = work()
    Report.objects.filter(post=one).delete()
    fill(post(), 100_000)
    many = work()
    assert many.queries == few.queries <= 8
    assert many.steps <= 1.1 * few.steps
