"""Staff moderate in the admin, the only place where one can change another user's post."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.contract.drivers import inputs, soup
from tests.pictures import invalid_image, picture
from ublog.accounts.models import CustomUser
from ublog.blog import actions, images
from ublog.blog.models import Post, PostLike, PostMark
from ublog.blog.states import PostState
from ublog.blog.tasks import render
from ublog.core.models import RequestLog

MARKS = {f"blog_{mark._meta.model_name}": mark for mark in PostMark.__subclasses__()}
MODELS = ["blog_post", *MARKS, "accounts_customuser", "core_requestlog"]


@pytest.fixture
def office(staff):
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def crowded(person, post, alice):
    people = [person(f"person_{n}") for n in range(12)]
    posts = [post(one, f"Post of {one}") for one in people] + [post(None, "Nobody's")]
    for mark in MARKS.values():
        mark.objects.bulk_create(mark(post=p, **{mark.USER: one}) for p in posts for one in people)
    return posts


@pytest.mark.parametrize("model", MODELS)
def test_every_list_opens_and_is_searched(office, crowded, model):
    url = reverse(f"admin:{model}_changelist")
    assert office.get(url).status_code == 200
    assert office.get(url, {"q": "person_1"}).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_a_list_costs_the_same_with_more_rows(office, person, post, model):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(reverse(f"admin:{model}_changelist")).status_code == 200
        return len(queries)

    def more(*numbers: int) -> None:
        for n in numbers:
            author = person(f"a_{n}")
            one = post(author, image=f"pictures/{n}.png")
            other = person(f"b_{n}")
            for mark in MARKS.values():
                mark.objects.create(post=one, **{mark.USER: other})
            log(user=author)

    more(*range(3))
    few = cost()
    more(*range(3, 30))
    assert cost() == few <= 6


@pytest.mark.parametrize("model", MODELS)
def test_no_list_counts_a_whole_table(office, crowded, model, monkeypatch):
    """With MAX_ROWS set to 5, no query counts more rows, and no list shows more."""
    monkeypatch.setattr("ublog.core.admin.MAX_ROWS", 5)
    for _ in range(7):
        log()
    with CaptureQueriesContext(connection) as queries:
        page = office.get(reverse(f"admin:{model}_changelist"))
    assert page.context["cl"].result_count == 5
    counting = [query["sql"] for query in queries if query["sql"].startswith("SELECT COUNT(")]
    assert len(counting) == 1
    assert "LIMIT 5" in counting[0]


@pytest.mark.parametrize("model", MODELS)
def test_every_form_opens(office, crowded, alice, model):
    rows = {
        "blog_post": crowded[0],
        **{name: mark.objects.first() for name, mark in MARKS.items()},
        "accounts_customuser": alice,
        "core_requestlog": log(),
    }
    pk = rows[model].pk
    assert office.get(reverse(f"admin:{model}_change", args=[pk])).status_code == 200


def log(**fields) -> RequestLog:
    row = {"date": timezone.now(), "method": "GET", "path": "/", "full_path": "/", "status": 200}
    return RequestLog.objects.create(**row | {"duration": 1.5} | fields)


def form_of(page) -> dict:
    return inputs(soup(page).select_one("#content-main form"))


def test_staff_edit_a_post_without_an_author(office, post):
    nobodys = post(None, "Rude words")
    url = reverse("admin:blog_post_change", args=[nobodys.pk])
    response = office.post(url, form_of(office.get(url)) | {"body": "Kind words"})
    assert response.status_code == 302, response.context["errors"]
    nobodys.refresh_from_db()
    assert (nobodys.body, nobodys.body_folded) == ("Kind words", "kind words")
    assert (nobodys.created_by, nobodys.edited) == (None, True)


def test_staff_delete_posts_in_bulk(office, crowded):
    chosen = [post.pk for post in crowded[:5]]
    response = office.post(
        reverse("admin:blog_post_changelist"),
        {"action": "delete_selected", "_selected_action": chosen, "post": "yes"},
    )
    assert response.status_code == 302
    assert not Post.objects.filter(pk__in=chosen).exists()
    assert Post.objects.count() == len(crowded) - 5


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ("picture=yes", ["Seen"]),
        ("picture=no", ["Said", "Wrote"]),
        ("author=yes", ["Seen", "Said"]),
        ("author=no", ["Wrote"]),
        ("q=SAID", ["Said"]),
        ("q=ALICE", ["Seen"]),
        ("q=nothing", []),
        ("created_on__gte=2020-01-01+00:00Z", ["Seen", "Said", "Wrote"]),
    ],
)
def test_staff_find_posts(office, alice, bob, post, chosen, shown):
    post(alice, "Seen", image="pictures/one.png"), post(bob, "Said"), post(None, "Wrote")
    page = office.get(f"{reverse('admin:blog_post_changelist')}?{chosen}")
    assert {row.body for row in page.context["cl"].result_list} == set(shown)


def test_a_search_ignores_case(office, alice, post):
    post(alice, "Straße nach ΑΘΉΝΑ")
    for words in ("STRASSE", "αθήνα"):
        page = office.get(reverse("admin:blog_post_changelist"), {"q": words})
        assert page.context["cl"].result_count == 1


def test_a_search_for_odd_characters_is_no_error(office, crowded):
    for words in ("\0", "%", "\ud800", "'"):
        url = reverse("admin:blog_post_changelist")
        query = urlencode({"q": words.encode("utf-8", "surrogatepass")})
        assert office.get(f"{url}?{query}", follow=True).status_code == 200


def test_the_list_shows_pictures_small(office, alice, post):
    files = {"image": "pictures/one.png", "thumbnail": "pictures/one-small.webp"}
    post(alice, **files, image_width=1000, image_height=800, image_alt='"><b>')
    page = soup(office.get(reverse("admin:blog_post_changelist")))
    image = page.select_one("#result_list img[height]")
    assert (image["src"], image["alt"]) == ("/media/pictures/one-small.webp", '"><b>')


def send(office, url: str, **changes):
    return office.post(url, form_of(office.get(url)) | changes)


def test_a_post_created_in_the_admin_is_by_its_creator(office, staff):
    response = send(office, reverse("admin:blog_post_add"), body="From the office")
    assert response.status_code == 302, response.context["errors"]
    post = Post.objects.get()
    assert (post.created_by, post.edited) == (staff, False)


@pytest.mark.parametrize("body", ["", "   ", "x" * 281, "a\0b"])
def test_the_admin_rejects_a_body_as_every_interface_does(office, alice, post, body):
    alices = post(alice, "Good words")
    response = send(office, reverse("admin:blog_post_change", args=[alices.pk]), body=body)
    assert response.context["errors"]
    alices.refresh_from_db()
    assert alices.body == "Good words"


def test_no_image_is_decoded_for_a_user_without_the_permission(client, alice, post, monkeypatch):
    def decode(*_):
        raise AssertionError("decoded")

    monkeypatch.setattr(images, "decode", decode)
    client.force_login(alice)
    url = reverse("admin:blog_post_change", args=[post(alice).pk])
    response = client.post(url, {"body": "Look", "image": picture(), "image_alt": ""})
    assert response.status_code in (302, 403)


def test_the_admin_stores_the_size_of_an_image(office, alice, post, media):
    made = post(alice)
    send(office, reverse("admin:blog_post_change", args=[made.pk]), image=picture((50, 20)))
    made.refresh_from_db()
    assert (made.image_width, made.image_height) == (50, 20)
    assert made.image_bytes == (media / made.image.name).stat().st_size


def test_the_admin_rejects_what_is_not_an_image(office, alice, post, media):
    url = reverse("admin:blog_post_change", args=[post(alice).pk])
    assert send(office, url, image=invalid_image()).context["errors"]
    assert files(media) == []


def test_an_edit_keeps_author_likes_and_line_breaks(office, alice, bob, post):
    alices = post(alice, "One\nTwo")
    PostLike.objects.create(post=alices, liked_by=bob)
    url = reverse("admin:blog_post_change", args=[alices.pk])
    send(office, url, image_alt="", body="One\r\nTwo\r\nThree")
    alices.refresh_from_db()
    assert (alices.body, alices.created_by, alices.like_count, alices.edited) == (
        *("One\nTwo\nThree", alice, 1, True),
    )


def test_saving_without_a_change_does_not_show_as_edited(office, alice, post):
    alices = post(alice, "One\nTwo")
    send(office, reverse("admin:blog_post_change", args=[alices.pk]))
    alices.refresh_from_db()
    assert not alices.edited


def files(media) -> list[str]:
    return sorted(path.name for path in media.rglob("*") if path.is_file())


@pytest.fixture
def illustrated(alice):
    """Return a function that publishes a post of Alice's with an image and its renditions."""

    def make() -> Post:
        made = actions.publish(by=alice, body="Look", image=picture((1300, 20)))
        render(made.pk)
        return Post.objects.get(pk=made.pk)

    return make


@pytest.mark.django_db(transaction=True)
def test_a_replaced_image_is_deleted_with_its_renditions(office, illustrated, media):
    post = illustrated()
    url = reverse("admin:blog_post_change", args=[post.pk])
    assert send(office, url, image=picture((50, 20))).status_code == 302
    post.refresh_from_db()
    assert files(media) == [post.image.name.rsplit("/")[-1]]
    assert (post.image_width, post.image_height, post.thumbnail.name) == (50, 20, "")


@pytest.mark.django_db(transaction=True)
def test_a_removed_image_is_deleted_with_its_renditions(office, illustrated, media):
    post = illustrated()
    url = reverse("admin:blog_post_change", args=[post.pk])
    assert send(office, url, **{"image-clear": "on"}).status_code == 302
    post.refresh_from_db()
    assert (files(media), post.image_info) == ([], None)


@pytest.mark.django_db(transaction=True)
def test_posts_deleted_in_bulk_take_images_and_likes_along(office, illustrated, media, bob):
    gone, other = [illustrated(), illustrated()], illustrated()
    PostLike.objects.bulk_create(PostLike(post=post, liked_by=bob) for post in [*gone, other])
    delete(office, "blog_post", gone, post="yes")
    assert [post.pk for post in Post.objects.all()] == [other.pk]
    assert [like.post_id for like in PostLike.objects.all()] == [other.pk]
    assert len(files(media)) == 3  # the image and its renditions


def delete(office, model: str, rows: list, **sure: str):
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}
    return office.post(reverse(f"admin:{model}_changelist"), chosen | sure)


def test_the_confirmation_of_a_deletion_does_not_list_every_like(office, crowded):
    with CaptureQueriesContext(connection) as queries:
        page = delete(office, "blog_post", crowded)
    assert dict(page.context["model_count"]) == {"posts": 13, "likes": 156}
    assert not any("blog_postlike" in query["sql"] for query in queries)


def test_deleting_posts_takes_as_many_statements_for_many_likes_as_for_few(office, post, person):
    def cost(likers) -> int:
        loved = post(None, "Loved")
        PostLike.objects.bulk_create(PostLike(post=loved, liked_by=one) for one in likers)
        with CaptureQueriesContext(connection) as queries:
            delete(office, "blog_post", [loved], post="yes")
        assert not Post.objects.filter(pk=loved.pk).exists()
        return len(queries)

    people = [person(f"person_{n}") for n in range(30)]
    cost(people[:1])  # fills Django's cache of content types
    assert cost(people[:1]) == cost(people)


def test_deleting_likes_in_the_admin_updates_the_like_count(office, crowded):
    post = crowded[0]
    delete(office, "blog_postlike", list(PostLike.objects.filter(post=post)[:5]), post="yes")
    post.refresh_from_db()
    assert post.like_count == 7


def test_a_like_cannot_be_moved_to_another_post(office, crowded):
    """The triggers that keep `like_count` run on INSERT and DELETE only."""
    like = PostLike.objects.first()
    url = reverse("admin:blog_postlike_change", args=[like.pk])
    assert office.post(url, {"post": crowded[5].pk, "liked_by": 1}).status_code == 403


def test_an_administrator_adds_a_user_and_changes_the_password(office, client):
    password = {"password1": "correct horse 7", "password2": "correct horse 7"}
    password["usable_password"] = "true"
    url = reverse("admin:accounts_customuser_add")
    response = send(office, url, email="Dora@Example.org", username="dora", **password)
    assert response.status_code == 302, response.context["errors"]
    dora = CustomUser.objects.get(email="dora@example.org")
    assert client.login(username="dora@example.org", password="correct horse 7")
    url = reverse("admin:auth_user_password_change", args=[dora.pk])
    office.post(url, {"password1": "battery staple 8", "password2": "battery staple 8"})
    assert client.login(username="dora@example.org", password="battery staple 8")


def test_an_administrator_changes_a_user(office, alice):
    url = reverse("admin:accounts_customuser_change", args=[alice.pk])
    assert send(office, url, bio="One\nTwo", username="alicia").status_code == 302
    alice.refresh_from_db()
    assert (alice.bio, alice.username) == ("One\nTwo", "alicia")


@pytest.fixture
def moderator(person):
    """Return a client of a staff user with all permissions on users and posts, no superuser."""
    one = person("mo", is_staff=True)
    one.user_permissions.set(
        Permission.objects.filter(content_type__app_label__in=["accounts", "blog"])
    )
    client = Client()
    client.force_login(one)
    return client


def test_a_moderator_changes_users_but_not_their_rights(moderator, alice):
    url = reverse("admin:accounts_customuser_change", args=[alice.pk])
    assert send(moderator, url, bio="Mended", is_superuser="on").status_code == 302
    alice.refresh_from_db()
    assert (alice.bio, alice.is_superuser) == ("Mended", False)


def test_a_moderator_cannot_change_staff(moderator, staff):
    for name in ("accounts_customuser_change", "auth_user_password_change"):
        response = moderator.post(reverse(f"admin:{name}", args=[staff.pk]), {"email": "a@b.test"})
        assert response.status_code == 403
    assert moderator.post(
        reverse("admin:accounts_customuser_delete", args=[staff.pk]), {"post": "yes"}
    ).status_code == 403  # fmt: skip
    delete(moderator, "accounts_customuser", [staff], post="yes")
    assert CustomUser.objects.filter(pk=staff.pk).exists()


def test_the_admin_is_for_staff_only(client, alice):
    client.force_login(alice)
    assert client.get(reverse("admin:blog_post_changelist")).status_code == 302


def test_the_request_log_is_read_only(office, db):
    row = log()
    assert office.get(reverse("admin:core_requestlog_add")).status_code == 403
    for name in ("change", "delete"):
        url = reverse(f"admin:core_requestlog_{name}", args=[row.pk])
        assert office.post(url, {"post": "yes", "path": "/other"}).status_code == 403
    delete(office, "core_requestlog", [row], post="yes")
    assert RequestLog.objects.get().path == "/"


@pytest.mark.parametrize(("chosen", "count"), [("status=4", 1), ("method=POST", 2), ("", 3)])
def test_requests_are_found_by_kind(office, chosen, count):
    log(), log(method="POST", status=404), log(method="POST")
    page = office.get(f"{reverse('admin:core_requestlog_changelist')}?{chosen}")
    assert page.context["cl"].result_count == count


def change(office, user, **changes):
    """Submit the change form of a user with some fields changed. Return the response."""
    url = reverse("admin:accounts_customuser_change", args=[user.pk])
    form = inputs(soup(office.get(url)).select_one("#customuser_form"))
    response = office.post(url, form | changes)
    user.refresh_from_db()
    return response


def test_b14_a_name_is_checked_when_it_is_changed(office, alice):
    old = "\u202ealice"
    CustomUser.objects.filter(pk=alice.pk).update(display_name=old)
    assert change(office, alice, bio="Something else").status_code == 302
    assert (alice.display_name, alice.bio) == (old, "Something else")
    response = change(office, alice, display_name="\u2066alice")
    assert "Write it on one line" in soup(response).select_one(".errorlist").text
    assert alice.display_name == old


def test_b9_an_email_address_is_normalized(office, alice, bob):
    assert change(office, alice, email="me@bücher.example").status_code == 302
    assert alice.email == "me@xn--bcher-kva.example"
    response = change(office, bob, email="me@bu\u0308cher.example")
    assert "already exists" in soup(response).select_one(".errorlist").text
    assert bob.email == "bob@example.org"


def test_b9_a_user_who_shares_an_email_address_can_be_changed(office, alice, bob):
    CustomUser.objects.filter(pk=alice.pk).update(email="me@xn--bcher-kva.example")
    CustomUser.objects.filter(pk=bob.pk).update(email="me@bücher.example")
    assert change(office, bob, bio="Something else").status_code == 302
    assert (bob.email, bob.bio) == ("me@bücher.example", "Something else")


def test_b8_a_user_whom_staff_activate_has_an_activation_date(office, person):
    """So that a user deactivated later is not taken for one who was never activated."""
    user = person("dora", is_active=False, activated_on=None)
    assert change(office, user, is_active="on").status_code == 302
    assert user.is_active
    assert user.activated_on


@pytest.mark.parametrize("selected", [True, False])
def test_a_post_with_replies_that_staff_deletes_stays_as_a_tombstone(office, alice, post, selected):
    first = post(alice, "Rude")
    post(in_reply_to=first, conversation=first.pk)
    if selected:
        data = {"action": "delete_selected", "_selected_action": [first.pk], "post": "yes"}
        office.post(reverse("admin:blog_post_changelist"), data)
    else:
        office.post(reverse("admin:blog_post_delete", args=[first.pk]), {"post": "yes"})
    first.refresh_from_db()
    assert (first.deleted, first.body, first.created_by, first.reply_count) == (True, "", None, 1)
    page = soup(office.get(reverse("admin:blog_post_changelist")))
    assert len(page.select("#result_list tbody tr")) == 1


def moderate(office, action: str, *posts) -> str:
    """Call an action of the list of posts. Return the message."""
    data = {"action": action, "_selected_action": [post.pk for post in posts]}
    page = office.post(reverse("admin:blog_post_changelist"), data, follow=True)
    return soup(page).select_one(".messagelist").text.strip()


def test_staff_hides_shows_and_approves_posts(office, alice, post):
    rude, late = post(alice, "Rude"), post(None, "Late", state=PostState.HELD)
    said = moderate(office, "hide", rude, late)
    assert said == "1 posts are hidden. 1 posts are left as they were: their state is another one."
    assert states() == {rude.pk: PostState.HIDDEN, late.pk: PostState.HELD}
    assert moderate(office, "approve", late) == "1 posts are approved."
    assert moderate(office, "unhide", rude) == "1 posts are shown again."
    assert states() == {rude.pk: None, late.pk: None}


def states() -> dict:
    return dict(Post.objects.values_list("pk", "state"))


@pytest.mark.parametrize(("chosen", "shown"), [("held", 1), ("hidden", 1), ("published", 2)])
def test_staff_finds_posts_by_state(office, post, chosen, shown):
    post(state=PostState.HELD), post(state=PostState.HIDDEN), post(), post()
    page = office.get(f"{reverse('admin:blog_post_changelist')}?state={chosen}")
    assert page.context["cl"].result_count == shown


def test_staff_edits_a_hidden_post_and_it_stays_hidden(office, alice, post):
    hidden = post(alice, "Rude", state=PostState.HIDDEN)
    assert send(office, reverse("admin:blog_post_change", args=[hidden.pk]), body="Fine")
    hidden.refresh_from_db()
    assert (hidden.body, hidden.hidden) == ("Fine", True)
