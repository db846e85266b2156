"""The figures for Prometheus: whose they are, what they count, and that all processes count."""

import pytest
from prometheus_client.parser import text_string_to_metric_families as families

from tests.contract.answers import RateLimited
from tests.contract.drivers import DRIVERS
from tests.faults.site import Site, eventually
from ublog.core.background import outbox
from ublog.core.models import OutboxEntry
from ublog.core.observability import counters
from ublog.core.observability.metrics import INTERFACES, METHODS, count_requests, interface_of

TOKEN = "a token of the tests"


@pytest.fixture
def scrape(client, settings):
    """A function that answers with the samples by name and labels."""
    settings.METRICS_TOKEN = TOKEN
    return lambda: samples(
        client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    )


def samples(text):
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in families(text)
        for sample in family.samples
    }


def asked(interface, method="GET", status="200"):
    labels = {"interface": interface, "method": method, "status": status}
    return ("ublog_requests_total", *sorted(labels.items()))


def test_without_a_token_in_the_settings_there_is_nothing(db, client, settings):
    settings.METRICS_TOKEN = ""
    for given in ("", "Bearer ", "Bearer None"):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer wrong", "Bearer ä", f"Basic {TOKEN}", TOKEN])
def test_without_the_token_there_is_nothing(db, client, settings, given):
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_nobody_keeps_the_figures(db, client, settings):
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_a_limit_that_is_reached_is_counted(db, scrape, settings):
    settings.LIMITS = {**settings.LIMITS, "anonymous_post": "1/hour"}
    hit = ("ublog_limits_hit_total", ("limit", "anonymous_post"))
    before = scrape().get(hit, 0)
    interface = DRIVERS[0](None)
    interface.publish("One")
    with pytest.raises(RateLimited):
        interface.publish("Two")
    assert scrape()[hit] == before + 1


def test_a_wrong_password_is_counted(alice, client, scrape):
    failures = ("ublog_login_failures_total", ("where", "login"))
    before = scrape().get(failures, 0)
    client.post("/accounts/login/", {"username": alice.email, "password": "wrong"})
    assert scrape()[failures] == before + 1


def test_tasks_are_counted_and_those_that_wait(db, scrape, monkeypatch):
    done = OutboxEntry.objects.create(task=outbox.sweep.name, ids=[])
    outbox.perform(str(done.pk))
    failing = OutboxEntry.objects.create(task=outbox.sweep.name, ids=[])
    monkeypatch.setattr(outbox.sweep, "run", lambda: 1 / 0)
    outbox.perform(str(failing.pk))
    found = scrape()
    for outcome in ("done", "failed"):
        key = ("ublog_tasks_total", ("outcome", outcome), ("task", outbox.sweep.name))
        assert found[key] == 1
    assert found[("ublog_tasks_waiting",)] == 1
    assert found[("ublog_tasks_given_up",)] == 0
    assert found[("ublog_beat_seen_seconds",)] >= 0
    assert found[("ublog_database_up",)] == 1


@pytest.mark.parametrize(
    ("path", "interface"),
    [
        ("/fbv/posts/1/", "pages-functions"),
        ("/api/fbv/posts/", "rest-functions"),
        ("/api/cbv/posts/", "rest-viewsets"),
        ("/api/auth/token/", "rest-accounts"),
        ("/graphql/", "graphql"),
        ("/@alice", "app"),
        ("/whatever/else", "app"),
    ],
)
def test_each_path_belongs_to_an_interface(path, interface):
    assert interface_of(path) == interface


def test_labels_have_few_values_whatever_is_sent(db, rf, settings):
    """Nobody fills our memory by inventing addresses and methods."""
    settings.METRICS_TOKEN = TOKEN
    count = count_requests(lambda request: Answer())
    for number in range(50):
        count(rf.generic(f"M{number}", f"/{number}/"))
    found = [sample for family in counters.counted.collect() for sample in family.samples]
    assert {s.labels["interface"] for s in found if "interface" in s.labels} <= {
        *INTERFACES.values(),
        "app",
    }
    assert {s.labels["method"] for s in found if "method" in s.labels} <= METHODS | {"other"}


class Answer:
    status_code = 200


def test_queries_are_counted(alice, rf, settings):
    settings.METRICS_TOKEN = TOKEN
    counter = counters.queries.labels("app")
    before = counter._value.get()
    count = count_requests(lambda request: alice.refresh_from_db() or Answer())
    count(rf.get("/"))
    assert counter._value.get() == before + 1


def test_two_web_processes_are_added_up(tmp_path):
    """Real gunicorn: whichever process answers /metrics, it tells what both have counted."""
    site = Site(tmp_path / "data", UBLOG_METRICS_TOKEN=TOKEN, UBLOG_WEB_WORKERS="2")
    site.environment.pop("DATABASE_URL", None)
    site.environment["UBLOG_DEBUG"] = "on"  # static files need not be collected
    site.data.mkdir()
    site.run("manage.py", "migrate", "-v0")
    try:
        site.start("web")
        eventually(lambda: answers(site), patience=120)
        eventually(lambda: both_counted(site), patience=120)
        for _ in range(20):
            assert site.fetch("/api/fbv/posts/")[0] == 200
        found = [samples(figures(site)) for _ in range(4)]
        assert {one[asked("rest-functions")] for one in found} == {20}
        assert (tmp_path / "data/metrics").stat().st_mode & 0o777 == 0o700
    finally:
        site.stop()


def answers(site):
    try:
        return site.fetch("/health/live/")[0] == 200
    except OSError:
        return False


def both_counted(site):
    """Whether both processes have written figures: the kernel deals connections as it likes."""
    site.fetch("/health/live/")
    return len(list((site.data / "metrics").glob("counter_*.db"))) == 2


def figures(site):
    return site.fetch("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})[1].decode()
