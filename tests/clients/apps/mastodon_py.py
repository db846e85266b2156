"""A session of Mastodon.py: `mastodon_py.py SITE PICTURE`, which prints what it sees as JSON."""

import json
import sys

from mastodon import Mastodon, MastodonNotFoundError, MastodonUnauthorizedError

site, picture = sys.argv[1:]
key, secret = Mastodon.create_app("Mastodon.py", api_base_url=site)
api = Mastodon(key, secret, api_base_url=site, ratelimit_method="throw")
print("ALLOW", api.auth_request_url(allow_http=True), flush=True)
token = api.log_in(code=input(), allow_http=True)
seen = {"version": api.retrieve_mastodon_version(), "user": api.me().username}

seen["timeline"], page = [], api.timeline_public(limit=20)
while page:
    seen["timeline"] += [status.id for status in page]
    page = api.fetch_next(page)
first, *_ = api.timeline_home()
seen["home"] = first.id

media = api.media_post(picture, description="A wall")
api.media_update(media, description="A teal wall")
status = api.status_post("Look #wall", media_ids=[media], idempotency_key="once")
again = api.status_post("Look #wall", media_ids=[media], idempotency_key="once")
seen["published"] = [status.id, again.id, status.media_attachments[0].description]
reply = api.status_post("And a reply", in_reply_to_id=status.id)
seen["thread"] = [one.id for one in api.status_context(status.id).descendants]
seen["edited"] = api.status_update(reply.id, "And another reply").content
seen["favourited"] = [api.status_favourite(first.id).favourited, first.favourites_count]
seen["unfavourited"] = api.status_unfavourite(first.id).favourited
api.status_bookmark(first.id)
seen["bookmarks"] = [one.id for one in api.bookmarks()]
found = api.search("wall")
seen["found"] = [one.id for one in found.statuses]
seen["people"] = [one.username for one in api.account_search("bob")]
seen["notifications"] = [[one.type, one.account.username] for one in api.notifications()]
account = api.account_update_credentials(display_name="A new name", avatar=picture)
seen["named"] = [account.display_name, account.avatar]
api.status_delete(reply.id)
try:
    api.status(reply.id)
except MastodonNotFoundError as error:
    seen["deleted"] = error.args[1]

api.revoke_access_token(allow_http=True)
api.access_token = token
try:
    api.me()
except MastodonUnauthorizedError as error:
    seen["ended"] = error.args[1]
print(json.dumps(seen, default=str))
