"""`palabre manage demo`: fill an empty installation with the demo agency. Nothing in it is true."""

from typing import Any

from django.core.management.base import BaseCommand

from palabre.agency.people import has_owner
from palabre.intake.demo import EMAIL, PASSWORD, plant
from palabre.kit.language import terminal_language

DONE = {
    "fr": "Démonstration prête : connectez-vous avec {email} et le mot de passe « {password} ».",
    "en": "The demo is ready: sign in as {email} with the password “{password}”.",
}


class Command(BaseCommand):
    """Plants the demo once; a second call only says how to sign in."""

    help = "Fill an empty installation with a demo agency (invented brands, invented mentions)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Plant, or leave what is there alone."""
        if not has_owner():
            plant()
        self.stdout.write(DONE[terminal_language()].format(email=EMAIL, password=PASSWORD))
