"""What a person does in a browser to let an app in: log in, read the page, press the button."""

from urllib.parse import parse_qs, urlsplit

import requests
from bs4 import BeautifulSoup


def allow(url: str, email: str, password: str) -> str:
    """Open the page to which an app leads, and return the code that it gets."""
    site = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    with requests.Session() as browser:
        form = fields(browser.get(f"{site}/accounts/login/"), "form.login")
        sent = form | {"username": email, "password": password}
        browser.post(f"{site}/accounts/login/", sent).raise_for_status()
        form = fields(browser.get(url), "form.allow")
        response = browser.post(url, form | {"allow": "True"}, allow_redirects=False)
        if response.status_code == 302:
            return parse_qs(urlsplit(response.headers["Location"]).query)["code"][0]
        return str(soup(response).select_one("#code")["value"])  # type: ignore[index]


def fields(response: requests.Response, selector: str) -> dict[str, str]:
    form = soup(response).select_one(selector)
    assert form, response.text
    return {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}


def soup(response: requests.Response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html5lib")
