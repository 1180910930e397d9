"""`palabre manage demo`: fill an empty installation with the demo agency. Nothing in it is true."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from palabre.agency.people import has_owner
from palabre.intake.demo import DAYS, EMAIL, PASSWORD, plant
from palabre.kit.language import terminal_language

DONE = {
    "fr": "Démonstration prête : connectez-vous avec {email} et le mot de passe « {password} ».",
    "en": "The demo is ready: sign in as {email} with the password “{password}”.",
}


class Command(BaseCommand):
    """Plants the demo once; a second call only says how to sign in."""

    help = "Fill an empty installation with a demo agency (invented brands, invented mentions)."

    def add_arguments(self, parser: CommandParser) -> None:
        """How much past to invent, fewer days are planted sooner; in which language."""
        parser.add_argument(
            "--language", choices=("fr", "en"), help="the owner's; the terminal's unless said"
        )
        parser.add_argument("--days", type=int, default=DAYS, help=f"days of invented mentions ({DAYS})")

    def handle(self, *args: Any, **options: Any) -> None:
        """Plant, or leave what is there alone; on a home where nothing ran yet the tables come first."""
        if tables_lack():
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
        if not has_owner():
            plant(days=options["days"], language=options["language"] or terminal_language())
        self.stdout.write(DONE[terminal_language()].format(email=EMAIL, password=PASSWORD))


def tables_lack() -> bool:
    """Whether a migration is still to be applied."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
