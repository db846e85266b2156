"""What refers to a post goes with it, also when the previous release deletes it."""

from django.db import connection

from ublog.blog import actions
from ublog.blog.models import PostBookmark, PostLike, PostMention, PostTag

REFERENCES = PostBookmark, PostLike, PostMention, PostTag


def test_a_release_that_knows_no_references_deletes_posts(db, alice, bob):
    posts = [actions.publish(body=f"@bob #tea {n}", by=alice) for n in range(3)]
    for post in posts:
        actions.bookmark(post_id=post.pk, by=bob)
        actions.like(post_id=post.pk, by=bob)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM blog_post WHERE id IN (%s, %s)", [posts[0].pk, posts[1].pk])
    connection.check_constraints()
    left = [list(model.objects.values_list("post", flat=True)) for model in REFERENCES]
    assert left == [[posts[2].pk]] * len(REFERENCES)
