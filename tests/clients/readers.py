"""Read the feeds and previews of a live site by libraries of others: `readers.py SITE POST_ID`.

Run by the Python of `.venv`, which has requirements.txt. It prints what they see as JSON.
"""

import json
import sys
from urllib.request import urlopen

import extruct
import feedparser
from reader import make_reader

FORMATS = ("rss", "atom", "json")


def of_feedparser(url: str) -> dict[str, object]:
    """Return a feed as feedparser sees it, whose HTML is what remains when it has cleaned it."""
    parsed = feedparser.parse(url)
    return {
        "error": str(parsed.bozo_exception) if parsed.bozo else None,
        "version": parsed.version,
        "title": parsed.feed.title,
        "entries": [
            {
                "id": entry.id,
                "title": entry.get("title"),
                "author": entry.author,
                "link": entry.link,
                "html": entry.content[0].value if "content" in entry else entry.summary,
                "files": [[file.href, file.type, file.length] for file in entry.enclosures],
                "tags": [tag.term for tag in entry.get("tags", [])],
                "published": entry.published_parsed[:6],
            }
            for entry in parsed.entries
        ],
    }


def of_reader(site: str) -> dict[str, object]:
    """Return the feeds as `reader` stores them, and what it gets when it asks again."""
    with make_reader(":memory:") as reader:
        for name in FORMATS:
            reader.add_feed(f"{site}/feeds/{name}/")
        first = {one.url: str(one.value) for one in reader.update_feeds_iter()}
        again = {name: reader.update_feed(f"{site}/feeds/{name}/") for name in FORMATS}
        return {
            name: {
                "first": first[f"{site}/feeds/{name}/"],
                "again": again[name] and str(again[name]),
                "entries": [
                    {
                        "id": entry.id,
                        "author": entry.author,
                        "html": entry.get_content(prefer_summary=False).value,
                        "files": [[one.href, one.type, one.length] for one in entry.enclosures],
                        "updated": str(entry.updated),
                    }
                    for entry in reader.get_entries(feed=f"{site}/feeds/{name}/")
                ],
            }
            for name in FORMATS
        }


def of_extruct(url: str) -> dict[str, object]:
    """Return the OpenGraph properties and the JSON-LD of a page."""
    with urlopen(url) as response:
        page = response.read()
    found = extruct.extract(page, base_url=url, syntaxes=["opengraph", "json-ld"], uniform=False)
    return {"opengraph": found["opengraph"][0]["properties"], "json_ld": found["json-ld"]}


if __name__ == "__main__":
    site, post = sys.argv[1:]
    seen = {
        "feedparser": {name: of_feedparser(f"{site}/feeds/{name}/") for name in FORMATS[:2]},
        "reader": of_reader(site),
        "extruct": {path: of_extruct(f"{site}{path}") for path in (f"/posts/{post}", "/")},
    }
    print(json.dumps(seen))
