"""The WSGI application, in which beat and workers count as away after FAULT_AWAY_AFTER seconds."""

import os

from ublog.wsgi import application as application  # first: it prepares Django

from ublog.operations import health  # isort: skip

health.AWAY_AFTER = float(os.environ["FAULT_AWAY_AFTER"])
