"""Mentions and tags are stored with their posts, and follow what users are called."""

import pytest

from ublog.accounts import actions as accounts
from ublog.accounts.former_usernames import FormerUsername
from ublog.blog import actions, mentions, tasks
from ublog.blog.account_deletion import delete_account
from ublog.blog.models import Post, PostMention, PostTag
from ublog.core.models import OutboxEntry


def stored(post):
    """Return who is mentioned in a post, and its tags, as they are stored beside it."""
    users = PostMention.objects.filter(post=post).values_list("user__username", flat=True)
    keys = PostTag.objects.filter(post=post).values_list("key", flat=True)
    return set(users), set(keys)


def shown(post):
    segments = Post.objects.get(pk=post.pk).segments
    return [one["username"] for one in segments if one["type"] == "mention"]


def test_they_are_stored_when_a_post_is_published_and_edited(alice, bob, charlie):
    post = actions.publish(by=alice, body="@bob @BOB and @nobody: #Tea #tea #Straße")
    assert stored(post) == ({"bob"}, {"tea", "strasse"})
    actions.edit(post_id=post.pk, by=alice, body="@charlie: #STRASSE #coffee")
    assert stored(post) == ({"charlie"}, {"strasse", "coffee"})
    actions.edit(post_id=post.pk, by=alice, body="Nothing")
    assert stored(post) == (set(), set())
    assert Post.objects.get(pk=post.pk).mentions is None


def test_an_edit_of_the_picture_alone_leaves_them(alice, bob):
    post = actions.publish(by=alice, body="@bob #tea")
    actions.edit(post_id=post.pk, by=alice, image_alt="")
    assert stored(post) == ({"bob"}, {"tea"})


def test_an_edit_by_who_has_an_older_version_leaves_no_rest(alice, bob, charlie):
    post = actions.publish(by=alice, body="Plain")
    older = Post.objects.get(pk=post.pk)
    actions.edit(post_id=post.pk, by=alice, body="@bob #tea")
    older.body = "@charlie #coffee"
    older.save(update_fields=Post.EDITABLE)
    assert stored(post) == ({"charlie"}, {"coffee"})


def test_a_post_that_is_deleted_takes_them_along(alice, bob):
    post = actions.publish(by=alice, body="@bob #tea")
    actions.delete(post_id=post.pk, by=alice)
    assert not PostMention.objects.exists()
    assert not PostTag.objects.exists()


def test_a_tag_that_is_long_when_folded_is_cut(alice, post):
    tag = "\ufdfa" * 100  # one letter that folds to eighteen
    made = post(alice, f"#{tag}")
    [key] = PostTag.objects.values_list("key", flat=True)
    assert len(key) == 200
    assert [row.pk for row in Post.objects.timeline(alice, tag=tag).items] == [made.pk]


def waiting():
    return [(one.task.rpartition(".")[2], one.ids) for one in OutboxEntry.objects.all()]


def test_a_user_who_takes_another_name_stays_mentioned(alice, bob, person, monkeypatch):
    monkeypatch.setattr(tasks, "RENEWED_AT_ONCE", 2)
    posts = [actions.publish(by=alice, body=f"@Bob {number}") for number in range(3)]
    accounts.update_profile(by=bob, username="robert")
    assert waiting() == [("renew_mentions", [bob.pk])]
    FormerUsername.objects.all().delete()  # as after 90 days
    accounts.update_profile(by=person("charlie"), username="bob")
    assert tasks.renew_mentions(bob.pk) == 2
    assert waiting()[1:] == [("renew_mentions", [bob.pk, posts[1].pk])]
    assert tasks.renew_mentions(bob.pk, posts[1].pk) == 1
    assert [shown(post) for post in posts] == [["robert"]] * 3


def test_who_is_not_mentioned_causes_no_work(bob):
    accounts.update_profile(by=bob, username="robert", bio="Hello")
    bob.delete()
    assert waiting() == []


@pytest.mark.parametrize("posts", ["keep", "delete"])
def test_mentions_of_a_user_who_is_deleted_become_text(alice, bob, person, posts, monkeypatch):
    monkeypatch.setattr(tasks, "RENEWED_AT_ONCE", 1)
    bob.set_password("correct horse battery")
    bob.save()
    made = [actions.publish(by=alice, body=body) for body in ("@bob", "@alice and @bob")]
    delete_account(by=bob, password="correct horse battery", posts=posts)
    OutboxEntry.objects.filter(task__endswith="send_mail").delete()
    assert waiting() == [("forget_mentions", [])]
    accounts.update_profile(by=person("other"), username="bob")
    assert tasks.forget_mentions() == 1
    assert waiting()[1:] == [("forget_mentions", [])]
    assert tasks.forget_mentions() == 1
    assert tasks.forget_mentions() == 0
    assert [shown(post) for post in made] == [[], ["alice"]]


def test_a_post_that_is_edited_during_the_task_is_left_as_it_is(alice, bob, charlie):
    post = actions.publish(by=alice, body="@bob")
    read = Post.objects.get(pk=post.pk)
    actions.edit(post_id=post.pk, by=alice, body="@charlie")
    tasks.renew(read)
    assert shown(post) == ["charlie"]


def test_posts_of_an_earlier_release_get_their_tags(post):
    made = post(None, "Plain")
    Post.objects.filter(pk=made.pk).update(body="#Tea", body_folded="#tea", folding=None)
    tasks.fold_posts()
    assert stored(made) == (set(), {"tea"})


def test_the_mentions_of_a_body_are_found_by_one_query(alice, bob, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = mentions.find("@alice @bob @nobody " + "@x" * 100)
    assert found == {"alice": (alice.pk, "alice"), "bob": (bob.pk, "bob")}
    with django_assert_num_queries(0):
        assert mentions.find("alice@example.org, nobody") == {}
