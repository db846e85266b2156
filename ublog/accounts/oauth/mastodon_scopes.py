"""The scopes for which programs may register by OAuth.

Apps for Mastodon ask for `read write follow push`, or for children of these. Some concern what
μblog does not have: https://docs.joinmastodon.org/api/oauth-scopes/.
"""

from ublog.accounts.scopes import FOLLOW, SCOPES

OF_APPLICATIONS = {
    **SCOPES,
    FOLLOW: "See and change whom you mute",
    "push": "Nothing yet: this site sends no push notifications",
    "read:accounts": "See profiles, and yours with its e-mail address",
    "read:blocks": "Nothing yet: there are no blocks of people on this site",
    "read:bookmarks": "See your bookmarks",
    "read:favourites": "See what you like",
    "read:filters": "Nothing yet: there are no filters on this site",
    "read:follows": "Nothing yet: nobody follows anybody on this site",
    "read:lists": "Nothing yet: there are no lists of people on this site",
    "read:mutes": "See whom you mute",
    "read:notifications": "Read your notifications",
    "read:search": "Search",
    "read:statuses": "Read posts",
    "write:accounts": "Change your profile",
    "write:blocks": "Nothing yet: there are no blocks of people on this site",
    "write:bookmarks": "Bookmark posts",
    "write:conversations": "Mute conversations",
    "write:favourites": "Like posts",
    "write:filters": "Nothing yet: there are no filters on this site",
    "write:follows": "Nothing yet: nobody follows anybody on this site",
    "write:lists": "Nothing yet: there are no lists of people on this site",
    "write:media": "Send pictures for posts",
    "write:mutes": "Mute people",
    "write:notifications": "Mark notifications as read",
    "write:reports": "Report posts and people",
    "write:statuses": "Publish, edit and delete posts",
}
