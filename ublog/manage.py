"""Django's command line: `python manage.py` in a checkout, `ublog manage` of a wheel."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command of sys.argv. Exit with one line when the settings cannot be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ublog.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as mistake:
        sys.exit(f"μblog cannot start: {mistake}")


if __name__ == "__main__":
    main()
