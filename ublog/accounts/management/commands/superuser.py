"""Make an administrator: of the account with that e-mail address, or of a new one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from ublog.accounts import site
from ublog.accounts.models import CustomUser


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", default="", help="asked for unless given")
        parser.add_argument("--noinput", action="store_true", help="ask for nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"] or ("" if options["noinput"] else input("E-mail address: "))
        try:
            user = site.make_administrator(email=email)
        except CustomUser.DoesNotExist:
            call_command("createsuperuser", email=email, interactive=not options["noinput"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        else:
            self.stdout.write(f"@{user.username} is an administrator now, with the same password.")
