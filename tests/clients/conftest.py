"""Only `make test-clients` runs these tests: they need packages that no other test has."""

import os

collect_ignore = [] if os.environ.get("UBLOG_TEST_CLIENTS") else ["test_clients.py"]
