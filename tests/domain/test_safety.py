"""F2, F5 and F7: what is an error at the start, what its worker takes, whom its pages ask."""

import ast
import inspect
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage
from limits import parse_many

from ublog.celery import app
from ublog.conf import checks
from ublog.core.storage import static

LOCAL = ["localhost", "blog.localhost", "127.0.0.1", "[::1]", "192.168.1.7", "10.0.0.1"]
LOCAL += ["172.16.3.4", "169.254.1.1", "100.64.0.1", "[fd00::1]", "[fe80::1]", "raspberrypi"]
LOCAL += ["pi.local", "blog.lan", "blog.home.arpa", "blog.internal", "blog.test"]
PUBLIC = ["blog.example.org", "8.8.8.8", "[2606:4700::1111]", "localhost.example.org", "a.b"]


@pytest.mark.parametrize("host", LOCAL)
def test_f2_a_private_network_may_be_served_by_plain_http(host):
    checks.check_site(urlsplit(f"http://{host}:8000"), insecure=False)


@pytest.mark.parametrize("host", PUBLIC)
def test_f2_a_public_site_on_plain_http_must_be_meant(host):
    site = urlsplit(f"http://{host}:8000")
    with pytest.raises(ImproperlyConfigured, match="UBLOG_INSECURE_HTTP"):
        checks.check_site(site, insecure=False)
    checks.check_site(site, insecure=True)
    checks.check_site(urlsplit(f"https://{host}"), insecure=False)


@pytest.mark.parametrize("secret", ["", "x" * 31, "x" * 64, "1234567" * 10])
def test_f2_a_weak_secret_is_an_error_that_names_it(secret):
    with pytest.raises(ImproperlyConfigured, match="UBLOG_TOKEN_KEY") as error:
        checks.check_secret("UBLOG_TOKEN_KEY", secret)
    assert secret == "" or secret not in str(error.value)


@pytest.mark.parametrize("host", ["*", "*.example.org", ".example.org"])
def test_f2_a_pattern_is_no_host(host):
    with pytest.raises(ImproperlyConfigured, match="UBLOG_ALLOWED_HOSTS"):
        checks.check_hosts(["blog.example.org", host])
    checks.check_hosts(["blog.example.org"])


@pytest.mark.parametrize(
    ("url", "ascii_url"),
    [
        ("https://Bücher.example:8443", "https://xn--bcher-kva.example:8443"),
        ("https://bücher.bücher", "https://xn--bcher-kva.xn--bcher-kva"),
        ("日本.example", "xn--wgv71a.example"),
        ("https://Blog.example.org", "https://Blog.example.org"),
    ],
)
def test_an_international_host_is_served_by_the_name_that_clients_send(url, ascii_url):
    assert checks.ascii_url("UBLOG_SITE_URL", url) == ascii_url


@pytest.mark.parametrize("url", ["https://☃︎.example", "https://a\u0300\u200d.example", "☃"])
def test_a_host_that_no_domain_can_have_is_an_error_that_names_it(url):
    with pytest.raises(ImproperlyConfigured, match="UBLOG_SITE_URL"):
        checks.ascii_url("UBLOG_SITE_URL", url)


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("http://[::1]:8000", ["localhost", "127.0.0.1", "[::1]"]),
        ("https://[2606:4700::1111]", ["[2606:4700::1111]"]),
    ],
)
def test_f1_a_site_at_an_address_of_ipv6_knows_its_own_host(url, hosts):
    """Read from the settings of such a site."""
    environment = os.environ | {"UBLOG_SITE_URL": url, "DJANGO_SETTINGS_MODULE": "ublog.settings"}
    code = "from django.conf import settings; print(settings.ALLOWED_HOSTS)"
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == str(hosts)


def test_f5_the_worker_takes_json_only():
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"


def test_f5_tasks_take_ids_only():
    ours = {name: task for name, task in app.tasks.items() if name.startswith("ublog.")}
    assert len(ours) >= 5
    for name, task in ours.items():
        for parameter in inspect.signature(task.run).parameters:
            assert parameter.endswith("_id") or parameter in ("key", "id"), name


def test_f6_what_is_uploaded_is_its_owners_alone():
    assert settings.FILE_UPLOAD_PERMISSIONS == 0o600
    assert settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS == 0o700


@pytest.mark.parametrize(
    "path",
    [
        "ublog.sqlite3",
        "secrets.env",
        "limits.sqlite3",
        "broker/queue/",
        "../secrets.env",
        "a/../..",
    ],
)
def test_f6_nothing_of_the_data_directory_is_served(client, path):
    for root in ("/", "/media/", "/media/../", "/static/", "/static/../", "/media/%2e%2e/"):
        response = client.get(root + path)
        assert response.status_code in (400, 404)


def test_f7_redoc_shows_nothing_of_another_site(tmp_path):
    """Its logo is the only thing that it fetches from elsewhere; this fails when that moves."""
    original = Path(finders.find(f"{static.REDOC}js"))
    assert original.read_bytes().count(static.FOREIGN_LOGO) == 1
    bundles = FileSystemStorage(original.parent)
    directory = Path(static.REDOC).parent
    found = {str(directory / path.name): (bundles, path.name) for path in original.parent.iterdir()}
    list(static.StaticFiles(location=tmp_path).post_process(found))
    kept = [path.read_bytes() for path in (tmp_path / directory).glob("redoc.standalone.*.js")]
    assert kept
    assert not any(b"cdn.redoc" in content for content in kept)
    assert all(static.NO_LOGO in content for content in kept)


@pytest.mark.parametrize("limit", ["5/minute", "5/15minute;30/hour", *settings.LIMITS.values()])
def test_a_limit_that_can_be_read_is_taken(limit):
    checks.check_limits({"post": limit})
    assert parse_many(limit)


@pytest.mark.parametrize(
    "limit", ["", "5", "5/", "5/minute;", "x/minute", "5/fortnight", "5/hour;x"]
)
def test_f2_a_malformed_limit_is_an_error(limit):
    with pytest.raises(ImproperlyConfigured, match="UBLOG_LIMIT_POST"):
        checks.check_limits({"post": limit})


def test_a_site_without_decoders_is_an_error():
    checks.check_positive(UBLOG_IMAGE_DECODERS=1)
    with pytest.raises(ImproperlyConfigured, match="UBLOG_IMAGE_DECODERS must be 1 or more"):
        checks.check_positive(UBLOG_IMAGE_DECODERS=0)


def headers_of(**variables):
    """The settings that make the headers, as a start in that environment has them."""
    names = [
        *("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"),
        "SECURE_CROSS_ORIGIN_OPENER_POLICY",
    ]
    environment = {
        "PATH": os.environ["PATH"],
        "UBLOG_SECRET_KEY": "the first key of the tests, 32 bytes or more",
        "UBLOG_TOKEN_KEY": "the other key of the tests, 32 bytes or more",
        **variables,
    }
    program = f"from ublog import settings; print([getattr(settings, n) for n in {names}])"
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    return ast.literal_eval(ran.stdout)


def test_f3_hsts_covers_no_other_name_unless_that_is_asked_for():
    https = {"UBLOG_SITE_URL": "https://blog.example.org"}
    assert headers_of(**https) == [31_536_000, False, False, "same-origin"]
    assert headers_of(**https, UBLOG_HSTS_SUBDOMAINS="on") == [
        *(31_536_000, True, False),
        "same-origin",
    ]
    assert headers_of(**https, UBLOG_HSTS_PRELOAD="on")[1:3] == [False, True]


def test_f3_plain_http_has_no_hsts_and_an_opener_policy_only_where_browsers_heed_it():
    wanted = {"UBLOG_HSTS_SUBDOMAINS": "on", "UBLOG_HSTS_PRELOAD": "on"}
    assert headers_of(**wanted) == [0, False, False, "same-origin"]
    for url in ("http://club.lan", "http://192.168.1.20:8000"):
        assert headers_of(**wanted, UBLOG_SITE_URL=url) == [0, False, False, None]


def test_f3_what_django_would_rather_have_is_silenced_by_id():
    assert [
        *("security.W005", "security.W021"),
        *("oauth2_provider.E001", "oauth2_provider.W008"),
    ] == settings.SILENCED_SYSTEM_CHECKS
