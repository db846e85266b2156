"""Report what works, what does not, and what to do. Paste it into a bug report: no secrets."""

import sys
from typing import Any

from django.core.management import BaseCommand, CommandParser

from ublog.operations.doctor.checks import CHECKS, mail_to
from ublog.operations.doctor.findings import run_check


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mail", metavar="ADDRESS", help="send a test mail there")

    def handle(self, *args: Any, **options: Any) -> None:
        checks = list(CHECKS)
        if address := options["mail"]:
            checks.append(("mail", "see UBLOG_SMTP_URL", mail_to(address)))
        levels = []
        for about, advice, check in checks:
            for finding in run_check(about, advice, check):
                self.stdout.write(str(finding))
                self.stdout.flush()
                levels.append(finding.level)
        wrong, odd = levels.count("problem"), levels.count("warning")
        self.stdout.write(f"{wrong} problems, {odd} warnings, {levels.count('ok')} ok")
        if wrong:
            sys.exit(1)
