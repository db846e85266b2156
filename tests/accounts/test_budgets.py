"""B11: what logins, sessions and password hashing may cost."""

import json
import threading
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.accounts.drivers import DRIVERS, OTHER, PASSWORD, Pages, Rest
from tests.accounts.test_sessions import LOGIN, ask_for_token, log_in, statuses
from tests.contract.drivers import Invalid, NotAuthenticated, RateLimited
from tests.together import together
from ublog.accounts import backends, hashers, token_families
from ublog.accounts.models import TokenFamily
from ublog.core.cursors import DEFAULT_PAGE_SIZE
from ublog.core.exceptions import Unavailable

# -- Log-ins ---------------------------------------------------------------------------------


def test_thirty_log_ins_an_hour_whatever_the_interface(carol, staff):
    """One count for pages, app, programs and the admin."""
    staff.set_password(PASSWORD)
    staff.save()
    ways = [
        (200, lambda: ask_for_token(Client(), staff.email, **{"X-Ublog": "1"})),
        (200, lambda: ask_for_token(Client(), staff.email.upper())),
        (302, lambda: log_in(Client(), staff.email)),
        (302, lambda: log_in(Client(), staff.email, address="/admin/login/")),
    ]
    for n in range(30):
        status, ask = ways[n % 4]
        assert ask().status_code == status
    for _, ask in ways:
        response = ask()
        assert response.status_code == 429
        assert 0 < int(response["Retry-After"]) <= 3600
    assert ask_for_token(Client(), carol.email).status_code == 200, "another account's budget"


def test_when_log_ins_are_used_up_a_guess_learns_nothing(carol, settings, monkeypatch):
    settings.LIMITS = settings.LIMITS | {"login": "1/hour"}
    assert ask_for_token(Client(), carol.email).status_code == 200
    monkeypatch.setattr(type(carol), "check_password", lambda *_: pytest.fail("hashed"))
    contents = {ask_for_token(Client(), carol.email, word).content for word in (PASSWORD, "wrong")}
    assert len(contents) == 1
    assert statuses(6, lambda: ask_for_token(Client(), carol.email, "wrong")) == [429] * 6


@pytest.mark.parametrize("addresses", [["192.0.2.1"], ["2001:db8::1", "2001:db8::2:3"]], ids=len)
def test_a_network_has_a_budget_of_log_ins(person, settings, addresses):
    settings.LIMITS = settings.LIMITS | {"login_network": "3/hour"}
    people = [person(f"pupil{n}", password=PASSWORD).email for n in range(4)]
    ask = lambda n, address: ask_for_token(Client(REMOTE_ADDR=address), people[n])  # noqa: E731
    responses = [ask(n, addresses[n % len(addresses)]).status_code for n in range(4)]
    assert responses == [200, 200, 200, 429]
    assert ask(3, "198.51.100.7").status_code == 200


def test_a_class_behind_one_address_gets_in(settings):
    assert settings.LIMITS["login_network"] == "600/hour"
    assert settings.LIMITS["login"] == "30/hour"


def test_failures_spend_no_log_in(carol, settings):
    settings.LIMITS = settings.LIMITS | {"login": "1/hour", "login_network": "1/hour"}
    assert statuses(3, lambda: ask_for_token(Client(), carol.email, "wrong")) == [401] * 3
    assert ask_for_token(Client(), carol.email).status_code == 200


def test_guesses_under_way_do_not_lock_the_owner_out(carol, settings):
    settings.LIMITS = settings.LIMITS | {"login": "1/hour"}
    with backends.count_attempt(carol.email) as right:
        assert ask_for_token(Client(), carol.email).status_code == 200
        right.append(False)


def test_confirmations_by_password_count_too(carol, settings):
    """Each costs as much as a log-in."""
    settings.LIMITS = settings.LIMITS | {"login": "3/hour", "mail": "100/hour"}
    browser = Rest()
    browser.log_in(carol.email)
    browser.ask_for_email("other@example.org")
    browser.ask_for_email("another@example.org")
    for ask in (lambda: browser.ask_for_email("third@example.org"), browser.change_password):
        with pytest.raises(RateLimited):
            ask()


# -- Sessions --------------------------------------------------------------------------------


def begin(user, number):
    """So many sessions, each used a minute before the one before it; the newest first."""
    begun = [token_families.start(user=user, session_key=f"key{n}") for n in range(number)]
    for minutes, family in enumerate(begun, 1):
        used = timezone.now() - timedelta(minutes=minutes)
        TokenFamily.objects.filter(pk=family.pk).update(last_used_on=used)
    return [family.name for family in begun]


LOG_INS = {
    "the pages": lambda email: Pages().log_in(email),
    "the app": lambda email: Rest().log_in(email),
    "a program": lambda email: ask_for_token(Client(), email),
    "a token alone": lambda email: Client().post(
        "/api/auth/token/",
        {"email": email, "password": PASSWORD, "cookies": False},
        "application/json",
    ),
}


@pytest.mark.parametrize("log_in_again", LOG_INS.values(), ids=LOG_INS)
def test_the_fifty_first_session_ends_the_one_used_longest_ago(carol, alice, log_in_again):
    begun, other = begin(carol, 50), token_families.start(user=alice)
    assert token_families.active(carol).count() == 50
    log_in_again(carol.email)
    living = set(token_families.active(carol).values_list("name", flat=True))
    assert len(living) == 50
    assert set(begun) - living == {begun[-1]}
    assert token_families.active(alice).get() == other


def test_the_django_session_of_what_is_ended_ends_too(carol, client):
    client.force_login(carol)
    TokenFamily.objects.update(last_used_on=timezone.now() - timedelta(days=1))
    begin(carol, 49)
    assert client.get("/accounts/profile/").status_code == 200
    token_families.start(user=carol)
    assert client.get("/accounts/profile/").status_code == 302
    assert not Session.objects.exists()


def test_what_is_over_counts_as_no_session(carol):
    begun = begin(carol, 50)
    TokenFamily.objects.filter(name__in=begun[:30]).update(expires_on=timezone.now())
    token_families.start(user=carol)
    assert set(begun[30:]) < set(token_families.active(carol).values_list("name", flat=True))


@pytest.mark.django_db(transaction=True)
def test_fifty_at_most_when_eight_begin_at_once(carol):
    begin(carol, 47)
    together(*[lambda: token_families.start(user=carol)] * 8)
    assert token_families.active(carol).count() == 50


# -- Their list ------------------------------------------------------------------------------


@pytest.mark.offers("sessions")
def test_sessions_are_listed_page_by_page(interface, carol, monkeypatch):
    browser = interface()
    browser.log_in(carol.email)
    begin(carol, 44)
    pages, page_of = [], token_families.page
    monkeypatch.setattr(
        token_families, "page", lambda *of, **at: pages.append(page_of(*of, **at)) or pages[-1]
    )
    listed = browser.sessions()
    assert [len(page.items) for page in pages] == [20, 20, 5]
    assert len(listed) == 45
    assert set(listed) == {
        str(name) for name in token_families.active(carol).values_list("name", flat=True)
    }
    assert list(listed.values()).count(True) == 1


def session_pages(browser, size):
    """The numbers of sessions on each page of the REST list."""
    path, numbers = f"auth/sessions/?page_size={size}", []
    while path:
        page = browser.send("GET", path)
        assert list(page) == ["next", "previous", "results"]
        assert (page["previous"] is None) == (not numbers)
        numbers.append(len(page["results"]))
        path = page["next"] and page["next"].partition("/api/")[2]
    return numbers


def test_a_page_of_sessions_has_the_size_that_is_asked_for(carol):
    browser = Rest()
    browser.log_in(carol.email)
    begin(carol, 29)
    assert session_pages(browser, 12) == [12, 12, 6]
    first = browser.send("GET", "auth/sessions/")["next"]
    assert session_pages(browser, DEFAULT_PAGE_SIZE) == [DEFAULT_PAGE_SIZE, 10]
    second = browser.send("GET", first.partition("/api/")[2])
    assert second["next"] is None
    before = browser.send("GET", second["previous"].partition("/api/")[2])
    assert len(before["results"]) == DEFAULT_PAGE_SIZE


@pytest.mark.parametrize("query", ["cursor=nonsense", "page_size=0", "page_size=101"])
def test_a_bad_page_of_sessions_is_a_400(carol, query):
    page, app = Pages(), Rest()
    for browser in (page, app):
        browser.log_in(carol.email)
    with pytest.raises(Invalid):
        app.send("GET", f"auth/sessions/?{query}")
    assert page.client.get(f"/accounts/profile/?{query}").status_code == 400


@pytest.mark.parametrize("arguments", ['after: "nonsense"', "first: 0", "last: 1, first: 1"])
def test_a_bad_page_of_sessions_is_rejected_by_graphql(carol, arguments):
    browser = DRIVERS[2]()
    browser.log_in(carol.email)
    with pytest.raises(Invalid):
        browser.execute(f"{{ sessions({arguments}) {{ pageInfo {{ endCursor }} }} }}")


@pytest.mark.offers("sessions")
def test_an_anonymous_visitor_has_no_sessions(interface, db):
    with pytest.raises(NotAuthenticated):
        interface().sessions()


def test_the_last_begun_comes_first(carol):
    browser = Rest()
    browser.log_in(carol.email)
    begun = begin(carol, 3)
    listed = list(browser.sessions())
    assert listed[:3] == [str(name) for name in reversed(begun)]


# -- Hashing ---------------------------------------------------------------------------------


class StandIn(hashers.BoundedMixin, MD5PasswordHasher):
    """A hasher that waits for an event, and counts how many hash at once."""

    at_once = most = 0
    lock, go_on = threading.Lock(), threading.Event()

    def encode(self, password, salt):
        with hashers.slot():
            self.count(1)
            self.go_on.wait(10)
            self.count(-1)
            return MD5PasswordHasher.encode(self, password, salt)

    @classmethod
    def count(cls, change):
        with cls.lock:
            cls.at_once += change
            cls.most = max(cls.most, cls.at_once)


def test_no_more_are_hashed_at_once_than_there_are_slots(monkeypatch):
    monkeypatch.setattr(hashers, "MAX_WAIT", 0.05)
    StandIn.go_on.clear()
    rejected = []

    def hash_one():
        try:
            StandIn().encode(PASSWORD, "salt")
        except Unavailable:
            rejected.append(1)
        if len(rejected) == 8 - hashers.AT_ONCE:
            StandIn.go_on.set()

    together(*[hash_one] * 8)
    assert StandIn.most == hashers.AT_ONCE
    assert len(rejected) == 8 - hashers.AT_ONCE
    StandIn().encode(PASSWORD, "salt")  # all slots are free again


def test_a_hasher_that_hashes_to_verify_takes_one_slot():
    StandIn.go_on.set()
    with all_slots_but_one():
        encoded = StandIn().encode(PASSWORD, "salt")
        assert StandIn().verify(PASSWORD, encoded)


@contextmanager
def all_slots_but_one():
    for _ in range(hashers.AT_ONCE - 1):
        hashers.slots.acquire()
    try:
        yield
    finally:
        for _ in range(hashers.AT_ONCE - 1):
            hashers.slots.release()


@pytest.fixture
def busy(settings, monkeypatch, carol):
    """A process that hashes as much as it may already; Carol is logged in."""
    settings.PASSWORD_HASHERS = [f"{__name__}.StandIn"]
    StandIn.go_on.set()
    monkeypatch.setattr(hashers, "MAX_WAIT", 0.01)
    program = DRIVERS[2]()
    program.log_in(carol.email)
    for _ in range(hashers.AT_ONCE):
        hashers.slots.acquire()
    yield program
    for _ in range(hashers.AT_ONCE):
        with suppress(ValueError):
            hashers.slots.release()


def program_changes(program):
    query = f"""mutation {{ changePassword(currentPassword: "{PASSWORD}", newPassword: "{OTHER}")
        {{ errors {{ message retryAfter }} }} }}"""
    headers = {"Authorization": f"Bearer {program.access}"}
    sent = json.dumps({"query": query})
    return program.client.post("/graphql/", sent, "application/json", headers=headers)


def app_changes(program):
    sent = {"current_password": PASSWORD, "new_password": OTHER}
    headers = {"Authorization": f"Bearer {program.access}"}
    address = "/api/auth/password-change/"
    return Client().post(address, sent, "application/json", headers=headers)


ASKS = {
    "REST": lambda program: ask_for_token(Client(), "carol@example.org"),
    "an unknown account": lambda program: ask_for_token(Client(), "nobody@example.org"),
    "the pages": lambda program: log_in(Client(), "carol@example.org", address=LOGIN),
    "the admin": lambda program: log_in(Client(), "carol@example.org", address="/admin/login/"),
    "GraphQL": program_changes,
    "a confirmation": app_changes,
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_a_login_that_would_wait_too_long_is_a_503(busy, ask, carol):
    response = ask(busy)
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "Too many people are logging in" in response.content.decode()
    before = carol.password
    carol.refresh_from_db()
    assert carol.password == before


def test_an_attempt_that_could_not_be_judged_costs_nothing(busy, settings, carol):
    settings.LIMITS = settings.LIMITS | {"sign_in": "1/hour", "login": "3/hour"}
    for ask in (ASKS["REST"], ASKS["the pages"], ASKS["the admin"]):
        assert ask(busy).status_code == 503
    hashers.slots.release()
    assert ASKS["REST"](busy).status_code == 200
