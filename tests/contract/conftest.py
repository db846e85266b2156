"""Each test of the contract runs through all five interfaces."""

import pytest

from tests.contract.drivers import DRIVERS


def pytest_generate_tests(metafunc):
    """Parametrise `interface`: ids such as `test_only_the_author_deletes[GraphQL]`."""
    if "interface" in metafunc.fixturenames:
        only = metafunc.config.getoption("--interface")
        drivers = [driver for driver in DRIVERS if only in (None, driver.name)]
        if not drivers:
            names = ", ".join(driver.name for driver in DRIVERS)
            raise pytest.UsageError(f"--interface takes one of: {names}")
        metafunc.parametrize("interface", drivers, ids=lambda driver: driver.name, indirect=True)


@pytest.fixture
def interface(request, db):
    """The driver under test: `interface(alice)` acts as Alice, `interface()` as a stranger."""
    return request.param
