"""The one table of the comparison: which code belongs to which operation in which interface.

The page `/compare/`, `docs/five-ways.md` and `make bench` use it. It imports nothing, so that they
need neither Django nor the interfaces: what it names is read from the source files by `code.py`.
"""

from dataclasses import dataclass
from typing import Literal

PAGES, REST = ("fbv", "cbv"), ("rest-functions", "rest-viewset")


@dataclass(frozen=True)
class Interface:
    """One of the five: `title` in texts, `short` on the phone, `path` of its file."""

    title: str
    short: str
    path: str
    root: str  # of the URLs of posts
    gives: str
    costs: str

    @property
    def plain_title(self) -> str:
        """Return the title without the marks of Markdown."""
        return self.title.replace("`", "")


INTERFACES = {
    "fbv": Interface(
        "Django function-based view",
        "Functions",
        "ublog/interfaces/pages/functions/posts.py",
        "/fbv/posts/",
        "Explicit control flow: forms, messages and redirects are calls that you see.",
        "Repetition: publishing and editing bind and check their form in the same lines.",
    ),
    "cbv": Interface(
        "Django class-based view",
        "Classes",
        "ublog/interfaces/pages/classes/posts.py",
        "/cbv/posts/",
        "Look-up, forms and rendering are inherited; a mixin sets a rule for several pages.",
        "The order of the calls is in Django's source, and for few pages the classes take more "
        "lines than functions.",
    ),
    "rest-functions": Interface(
        "DRF function view",
        "DRF functions",
        "ublog/interfaces/rest/functions/posts.py",
        "/api/fbv/posts/",
        "Parsing, content negotiation, authentication and errors as JSON from `@api_view`.",
        "Routes, pagination and documentation are written for each operation.",
    ),
    "rest-viewset": Interface(
        "DRF `ModelViewSet`",
        "ModelViewSet",
        "ublog/interfaces/rest/viewsets/posts.py",
        "/api/cbv/posts/",
        "Six operations, their URLs and methods from one class.",
        "You write hooks and not operations: what runs on a PUT is spread over the framework.",
    ),
    "graphql": Interface(
        "GraphQL with Graphene",
        "GraphQL",
        "ublog/interfaces/graphql/posts.py",
        "/graphql/",
        "A typed schema, one request for a whole screen, and no work for fields not selected.",
        "The longest file, one URL for everything, and the cost of a request must be limited.",
    ),
}

# Where an error of the domain becomes a response, by interface.
ERROR_PLACES = {
    **dict.fromkeys(
        PAGES, "ublog/interfaces/pages/site/error_pages.py:DomainErrorMiddleware.process_exception"
    ),
    **dict.fromkeys(REST, "ublog/interfaces/rest/errors.py:translate"),
    "graphql": "ublog/interfaces/graphql/errors.py:with_domain_errors",
}

Verb = Literal["list", "read", "publish", "edit", "like", "delete", "bookmark"]

# The code of each verb in the file of each interface. What several share is shown at each.
PLACES: dict[Verb, dict[str, list[str]]] = {
    "list": {
        "fbv": ["post_list"],
        "cbv": ["PostList"],
        "rest-functions": ["post_list"],
        "rest-viewset": [
            "PostViewSet.serializer_class",
            "PostViewSet.pagination_class",
            "PostViewSet.get_queryset",
        ],
        "graphql": ["PostQueries.posts", "PostQueries.resolve_posts"],
    },
    "read": {
        "fbv": ["post_detail"],
        "cbv": ["PostDetail"],
        "rest-functions": ["post_detail"],
        "rest-viewset": [
            "PostViewSet.serializer_class",
            "PostViewSet.get_queryset",
            "PostViewSet.get_object",
        ],
        "graphql": ["PostQueries.post", "PostQueries.resolve_post"],
    },
    "publish": {
        "fbv": ["post_create"],
        "cbv": ["PostCreate"],
        "rest-functions": ["post_create"],
        "rest-viewset": ["PostViewSet.serializer_class", "PostViewSet.perform_create"],
        "graphql": ["CreatePost"],
    },
    "edit": {
        "fbv": ["post_update"],
        "cbv": ["PostUpdate"],
        "rest-functions": ["post_update"],
        "rest-viewset": [
            "PostViewSet.serializer_class",
            "PostViewSet.get_object",
            "PostViewSet.perform_update",
        ],
        "graphql": ["UpdatePost"],
    },
    "delete": {
        "fbv": ["post_delete"],
        "cbv": ["PostDelete"],
        "rest-functions": ["post_delete"],
        "rest-viewset": ["PostViewSet.get_object", "PostViewSet.perform_destroy"],
        "graphql": ["DeletePost"],
    },
    "like": {
        "fbv": ["post_like"],
        "cbv": ["PostLikeView"],
        "rest-functions": ["post_like"],
        "rest-viewset": ["PostViewSet.serializer_class", "PostViewSet.like"],
        "graphql": ["MarkMutation", "LikePost"],
    },
    "bookmark": {
        "fbv": ["post_bookmark"],
        "cbv": ["PostBookmarkView"],
        "rest-functions": ["post_bookmark"],
        "rest-viewset": ["PostViewSet.serializer_class", "PostViewSet.bookmark"],
        "graphql": ["MarkMutation", "BookmarkPost"],
    },
}
ACTIONS = "ublog/blog/actions.py"


@dataclass(frozen=True)
class Operation:
    """One operation, or one error of an operation, through all five interfaces.

    `post` says on which post: of anybody, or one of the user's own. `domain` has the code that all
    interfaces share, as `path:name`, and `tests` the contract tests that hold the behaviour.
    """

    title: str
    verb: Verb
    sentence: str
    domain: tuple[str, ...]
    tests: tuple[str, ...]
    post: Literal["", "any", "own"] = ""
    body: str = ""
    is_reply: bool = False
    outcome: str = "done"
    measured: str = ""  # the operation's name in the results of `make bench`

    @property
    def is_error(self) -> bool:
        return self.outcome != "done"


OPERATIONS = {
    "list": Operation(
        "List",
        "list",
        "The timeline: the newest twenty posts.",
        ("ublog/blog/managers.py:PostManager.timeline",),
        (
            "test_timeline.py::test_the_newest_post_is_first",
            "test_costs.py::test_a_list_costs_the_same_with_more_posts_authors_and_likes",
        ),
        measured="list",
    ),
    "read": Operation(
        "Read",
        "read",
        "One post. A page also shows what it replies to, and its replies.",
        (
            "ublog/blog/managers.py:PostManager.get_row",
            "ublog/blog/managers.py:PostManager.conversation",
        ),
        ("test_reading.py::test_each_viewer_is_shown_the_same_post_and_their_own_part_of_it",),
        post="any",
        measured="detail",
    ),
    "publish": Operation(
        "Publish",
        "publish",
        "A new post.",
        (f"{ACTIONS}:publish", f"{ACTIONS}:_store"),
        (
            "test_publishing.py::test_alice_publishes_a_post_in_her_name",
            "test_publishing_once.py::test_a_post_sent_twice_is_one_post",
        ),
        body="Hello from the comparison",
        measured="create",
    ),
    "edit": Operation(
        "Edit",
        "edit",
        "Change the text of a post of your own.",
        (f"{ACTIONS}:edit", f"{ACTIONS}:_get_editable"),
        ("test_rights.py::test_only_the_author_edits",),
        post="own",
        body="Another text",
        measured="edit",
    ),
    "like": Operation(
        "Like",
        "like",
        "Like a post. Liking it again changes nothing.",
        (f"{ACTIONS}:like", f"{ACTIONS}:_set_mark"),
        (
            "test_liking.py::test_a_like_is_counted_for_all_and_marked_for_me",
            "test_liking.py::test_liking_again_changes_nothing",
        ),
        post="any",
        measured="like",
    ),
    "delete": Operation(
        "Delete",
        "delete",
        "Delete a post of your own.",
        (f"{ACTIONS}:delete", "ublog/blog/deletion.py:delete"),
        (
            "test_rights.py::test_only_the_author_deletes",
            "test_reading.py::test_a_deleted_post_is_gone",
        ),
        post="own",
        measured="delete",
    ),
    "reply": Operation(
        "Reply",
        "publish",
        "A post that replies to another one.",
        (f"{ACTIONS}:publish", f"{ACTIONS}:_join_conversation"),
        ("test_replies.py::test_a_reply_is_a_post_that_names_another",),
        post="any",
        body="A reply from the comparison",
        is_reply=True,
    ),
    "bookmark": Operation(
        "Bookmark",
        "bookmark",
        "Keep a post, as nobody else sees.",
        (f"{ACTIONS}:bookmark", f"{ACTIONS}:_set_mark"),
        ("test_marks.py::test_a_mark_is_set_taken_back_and_toggled",),
        post="any",
    ),
    "forbidden": Operation(
        "Somebody else's post",
        "edit",
        "Editing the post of somebody else is an error.",
        (f"{ACTIONS}:_get_editable", "ublog/blog/models.py:Post.check_editable_by"),
        ("test_rights.py::test_alice_changes_no_post_that_is_not_hers",),
        post="any",
        body="Not mine",
        outcome="forbidden",
    ),
    "too-long": Operation(
        "281 characters",
        "publish",
        "A post has at most 280 characters.",
        (f"{ACTIONS}:publish", "ublog/blog/models.py:Post.check_acceptable"),
        ("test_unacceptable_text.py::test_an_unacceptable_text_is_not_published",),
        body="x" * 281,
        outcome="invalid",
    ),
    "anonymous": Operation(
        "Not logged in",
        "like",
        "Who is not logged in cannot like a post.",
        (f"{ACTIONS}:_set_mark", "ublog/accounts/querysets.py:CustomUserQuerySet.get_active"),
        ("test_rights.py::test_an_anonymous_user_is_asked_to_log_in",),
        post="any",
        outcome="not authenticated",
    ),
    "stale": Operation(
        "Stale version",
        "edit",
        "The post was changed after its author had opened it.",
        (f"{ACTIONS}:edit", f"{ACTIONS}:_check_version"),
        ("test_stale_edits.py::test_a_stale_edit_is_rejected_and_shows_what_the_post_is_now",),
        post="own",
        body="From an old version",
        outcome="stale",
    ),
}
# The operations that `make bench` measures, by their names there.
MEASURED = {one.measured: one for one in OPERATIONS.values() if one.measured}
