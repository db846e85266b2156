"""Reports of posts and users to the moderators."""

from typing import Any

from django.utils import timezone

from ublog.accounts.models import CustomUser
from ublog.blog import report_actions
from ublog.blog.post_rows import Author
from ublog.interfaces.mastodon.authentication import needs
from ublog.interfaces.mastodon.entities import author_json, moment
from ublog.interfaces.mastodon.requests import ApiRequest

MOST_POSTS = 20  # of one report


@needs("write:reports")
def create(request: ApiRequest) -> Any:
    """Report posts, or without any a user."""
    ids, category = request.texts("status_ids")[:MOST_POSTS], request.text("category", "other")
    reason = request.text("comment") or category
    if not ids:
        user = CustomUser.objects.get_by_id(request.text("account_id"), request.viewer)
        report_actions.report_user(username=user.username, by=request.viewer, reason=reason)
        return report_json(user, [], category, reason)
    posts = [report_actions.report(post_id=id, by=request.viewer, reason=reason) for id in ids]
    return report_json(posts[0].created_by, ids, category, reason)


def report_json(
    about: Author | CustomUser | None, ids: list[str], category: str, reason: str
) -> dict[str, Any]:
    """Return the report. It has no id of its own: that of what is reported stands for it."""
    account = author_json(about)
    return {
        "id": ids[0] if ids else account["id"],
        **dict.fromkeys(("action_taken", "forwarded"), False),
        **dict.fromkeys(("action_taken_at", "rule_ids")),
        "category": category,
        "comment": reason,
        "created_at": moment(timezone.now()),
        "status_ids": ids or None,
        "target_account": account,
    }
