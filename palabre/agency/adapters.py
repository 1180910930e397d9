"""How allauth behaves here: only the first person may sign themselves up, as the owner."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from palabre.agency.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed once an owner exists; colleagues come by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed always: the first owner is made by the first-run page, others by invitation."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Home."""
        return "/"

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """Users have no username."""
