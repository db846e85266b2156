#!/usr/bin/env bash
# Question: a site allows 5 anonymous posts a minute, a spam wave comes, and the operator lowers
#   that to 4. What of a client that has posted 5 times in this minute already?
# Common guess: it is over the new limit, and waits until the minute ends.
# Behaviour: it begins again at 0. The `limits` library (the one under Flask-Limiter and slowapi)
#   makes the key of a counter from the name, the client, the amount and the window, so that a
#   limit of another amount is another counter: 4 more posts are let through, and 9 in all were
#   stored in one minute. Raising a limit forgives in the same way. The old counter stays until its
#   window ends, and is read again when the old amount comes back.
# Versions: limits 5.8.0, in memory; the key is made before any storage sees it.
# Source: RateLimitItem.key_for, https://limits.readthedocs.io/en/stable/api.html
# Why a microblog cares: limits are lowered at the moment of an attack, in settings that all
#   processes read again. To keep what was spent, count under a key of one's own, or expect one
#   fresh budget for everybody at each change.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check limits==5.8.0
"$place/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

limiter = FixedWindowRateLimiter(MemoryStorage())
before, after = parse("5/minute"), parse("4/minute")
posted = sum(limiter.hit(before, "post", "one client") for _ in range(10))
more = sum(limiter.hit(after, "post", "one client") for _ in range(10))
print("limits", version("limits"))
print("keys", before.key_for("post", "one client"), after.key_for("post", "one client"))
print(f"posts under 5 a minute: {posted}; then under 4 a minute, at once: {more}")
assert (posted, more) == (5, 4), "the counter of the old amount is no longer separate"
assert not limiter.test(before, "post", "one client"), "the old counter is gone"
PYTHON
