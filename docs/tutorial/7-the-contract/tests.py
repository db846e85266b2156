from django.contrib.auth import get_user_model
from django.test import Client, TestCase

from .drivers import GraphQL, Json, Pages, ViewSet


class Contract:
    """What is true of the blog, whichever interface somebody takes."""

    def setUp(self):
        self.ada, self.grace = self.log_in("ada"), self.log_in("grace")

    def log_in(self, username):
        client = Client()
        client.force_login(get_user_model().objects.create_user(username))
        return client

    def publish(self, client, body):
        """Publish a post, and return its id."""
        self.blog.publish(client, body)
        return self.blog.list(client)[0][0]

    def see(self, *posts):
        """Expect these posts in the list: body, author, number of likes."""
        self.assertEqual([post[1:] for post in self.blog.list(Client())], list(posts))

    def test_the_newest_post_is_first(self):
        self.publish(self.ada, "Good morning")
        self.publish(self.grace, "Tea & <cake>?")
        self.see(("Tea & <cake>?", "grace", 0), ("Good morning", "ada", 0))

    def test_a_post_has_280_characters_at_most(self):
        self.blog.publish(self.ada, "a" * 281)
        self.see()
        self.blog.publish(self.ada, "a" * 280)
        self.see(("a" * 280, "ada", 0))

    def test_spaces_are_no_post(self):
        self.blog.publish(self.ada, "  \n ")
        self.see()

    def test_only_the_author_edits(self):
        pk = self.publish(self.ada, "Good morning")
        self.blog.edit(self.grace, pk, "Good night")
        self.see(("Good morning", "ada", 0))
        self.blog.edit(self.ada, pk, "Good day")
        self.see(("Good day", "ada", 0))

    def test_only_the_author_deletes(self):
        pk = self.publish(self.ada, "Good morning")
        self.blog.delete(self.grace, pk)
        self.see(("Good morning", "ada", 0))
        self.blog.delete(self.ada, pk)
        self.see()

    def test_everybody_likes_a_post_once(self):
        pk = self.publish(self.ada, "Good morning")
        for client in (self.ada, self.grace, self.grace):
            self.blog.like(client, pk)
        self.see(("Good morning", "ada", 2))

    def test_an_anonymous_user_changes_nothing(self):
        pk = self.publish(self.ada, "Good morning")
        self.blog.publish(Client(), "Buy this")
        self.blog.edit(Client(), pk, "Buy this")
        self.blog.like(Client(), pk)
        self.blog.delete(Client(), pk)
        self.see(("Good morning", "ada", 0))


class SixFunctions(Contract, TestCase):
    blog = Pages("/2/posts/")


class Classes(Contract, TestCase):
    blog = Pages("/3/posts/")


class JsonFunctions(Contract, TestCase):
    blog = Json("/4/posts/")


class AViewSet(Contract, TestCase):
    blog = ViewSet("/5/posts/")


class AGraphQLSchema(Contract, TestCase):
    blog = GraphQL("/6/graphql/")


class OneFunction(TestCase):
    """Step 1 only lists."""

    def test_it_lists_what_step_2_publishes(self):
        client = Client()
        client.force_login(get_user_model().objects.create_user("ada"))
        Pages("/2/posts/").publish(client, "Good morning")
        self.assertContains(client.get("/1/posts/"), "<b>ada</b>: Good morning (0 likes)")
