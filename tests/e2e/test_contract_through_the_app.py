"""The sixth driver of the contract: its ten most important behaviours, through the app."""

import re

import pytest
from playwright.sync_api import expect

from tests.contract.records import MARKS, PostRecord, path_of
from tests.e2e.conftest import png
from ublog.blog.models import Post


class App:
    """A driver of the app: it clicks, types, and reads what is shown."""

    def __init__(self, page):
        self.page = page

    def publish(self, body, image=None, image_alt=""):
        self.page.goto("/")
        self.page.get_by_label("Your post").fill(body)
        if image:
            self.choose(image)
            self.page.get_by_label("Describe the picture").fill(image_alt)
        self.page.get_by_role("button", name="Post", exact=True).click()
        expect(self.page.get_by_text("Posted.", exact=True)).to_be_visible()
        return self.timeline()[0]

    def choose(self, image):
        picture = {"name": "p.png", "mimeType": "image/png", "buffer": image}
        self.page.locator("input[type=file]").set_input_files(picture)

    def edit(self, id, body):
        self.open(id)
        self.menu("Edit")
        self.page.get_by_role("dialog").get_by_label("Your post").fill(body)
        self.page.get_by_role("button", name="Save").click()
        expect(self.page.get_by_text("Post saved.")).to_be_visible()
        return self.read(id)

    def delete(self, id):
        self.open(id)
        self.menu("Delete")
        expect(self.page.get_by_text("Post deleted.")).to_be_visible()
        with self.page.expect_response(lambda response: response.request.method == "DELETE"):
            self.page.get_by_role("button", name="Close").last.click()

    def menu(self, name):
        self.page.get_by_label("More for this post").click()
        self.page.get_by_role("menuitem", name=name).click()

    def toggle(self, mark, id):
        self.open(id)
        with self.page.expect_response(re.compile(f"/{mark}/$")):
            self.page.locator(f".tool-{mark}").click()
        return self.read(id)

    def open(self, id):
        self.page.goto(f"/posts/{id}")
        expect(self.page.get_by_role("article")).to_be_visible()

    def read(self, id):
        self.open(id)
        return shown_in(self.page.get_by_role("article"))

    def timeline(self, path="/"):
        self.page.goto(path)
        expect(self.page.locator("section[aria-busy=false]")).to_be_visible()
        self.page.get_by_role("article").last.scroll_into_view_if_needed()  # asks for older ones
        expect(self.page.get_by_text("You have reached the first post.")).to_be_visible()
        return [shown_in(card) for card in self.page.get_by_role("article").all()]


def shown_in(card) -> PostRecord:
    author = card.locator("a.post-author")
    picture = card.locator("img.post-picture")
    like = card.get_by_role("button", name=re.compile("^Like"))
    when = card.locator("a.post-when").get_attribute("href")
    return PostRecord(
        id=int(when.rpartition("/")[2]),
        author=author.get_attribute("href").removeprefix("/@") if author.count() else None,
        body=card.locator(".post-body").inner_text(),
        image=path_of(picture.get_attribute("src")) if picture.count() else None,
        image_alt=picture.get_attribute("alt") if picture.count() else "",
        like_count=int(re.search(r"\d+", like.get_attribute("aria-label"))[0]),
        can_edit=card.locator("[role=menuitem]", has_text="Edit").count() == 1,
        edited="edited" in card.locator("header").inner_text(),
        **{field: is_pressed(card.locator(f".tool-{mark}")) for mark, field in MARKS.items()},
    )


def is_pressed(button) -> bool:
    return button.get_attribute("aria-pressed") == "true"


@pytest.fixture
def app(page):
    return App(page)


def test_a_user_publishes(app, alice):
    made = app.publish("Hello")
    assert (made.body, made.author, made.can_edit, made.edited) == ("Hello", "alice", True, False)


def test_an_anonymous_visitor_publishes_without_a_name(app, db):
    made = app.publish("Hello")
    assert (made.author, made.can_edit) == (None, False)


def test_a_picture_is_published_with_its_description(app, alice):
    made = app.publish("Look", image=png(80, 60), image_alt="A square")
    assert made.image
    assert made.image_alt == "A square"


def test_a_text_too_long_cannot_be_sent(app, alice):
    app.page.goto("/")
    app.page.get_by_label("Your post").fill("x" * 281)
    expect(app.page.get_by_role("button", name="Post", exact=True)).to_be_disabled()
    assert not Post.objects.exists()


def test_a_file_that_is_no_image_is_an_error(app, alice):
    app.page.goto("/")
    app.page.get_by_label("Your post").fill("Look")
    app.page.locator("input[type=file]").set_input_files(
        {"name": "p.txt", "mimeType": "text/plain", "buffer": b"no picture"}
    )
    expect(app.page.get_by_text("This is not a picture that can be shown")).to_be_visible()


def test_the_newest_post_comes_first(app, post, bob):
    ids = [post(bob, f"Post {number}").pk for number in range(25)]
    app.page.goto("/")
    assert [one.id for one in app.timeline()] == ids[::-1]


def test_posts_are_searched_and_found_by_their_author(app, post, alice, bob):
    post(alice, "Über den See")
    post(bob, "Around the lake")
    assert [one.author for one in app.timeline("/?q=über")] == ["alice"]
    assert [one.author for one in app.timeline("/@bob")] == ["bob"]


def test_a_like_is_counted(app, post, alice, bob):
    id = post(bob, "Likeable").pk
    assert [app.toggle("like", id).like_count for _ in range(2)] == [1, 0]


@pytest.mark.parametrize(("mark", "field"), MARKS.items(), ids=MARKS)
def test_a_mark_is_set_and_taken_back(app, post, alice, bob, mark, field):
    id = post(bob, "Remarkable").pk
    assert [getattr(app.toggle(mark, id), field) for _ in range(2)] == [True, False]


def test_the_author_edits_and_deletes(app, alice):
    made = app.publish("Before")
    edited = app.edit(made.id, "After")
    assert (edited.body, edited.edited) == ("After", True)
    app.delete(made.id)
    assert not Post.objects.exists()


def test_nobody_else_can_edit_or_delete(app, post, alice, bob):
    assert not app.read(post(bob, "Mine").pk).can_edit
