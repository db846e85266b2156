"""C4 in a browser: what people write never runs. The console's complaints fail every test here,
and a blocked script is one."""

import pytest

from tests.interfaces.test_payloads import PAYLOADS


@pytest.mark.parametrize("path", ["/", "/@alice", "/fbv/posts/", "/cbv/posts/"])
def test_c4_no_payload_is_executed(page, alice, post, path):
    alice.display_name, alice.bio = PAYLOADS[1], PAYLOADS[0]
    alice.save()
    for payload in PAYLOADS:
        post(alice, payload.replace("evil()", "alert(1)"))
    opened = []
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    page.goto(path)
    page.get_by_role("article").nth(len(PAYLOADS) - 1).wait_for()
    for article in page.get_by_role("article").all():
        article.hover()
    assert opened == []
    shown = page.get_by_role("main").inner_text()
    assert all(payload.replace("evil()", "alert(1)") in shown for payload in PAYLOADS)
