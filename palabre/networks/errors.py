"""What can go wrong when speaking to a network: each type means one act of the one caller.

| error | the caller |
|---|---|
| `AuthExpired` | refreshes once under a row lock; again: the account needs a new sign-in, a person is told |
| `NotPermitted` | permanent until a person acts; names the scope |
| `RateLimited` | waits for the account or the whole app; no attempt consumed |
| `Rejected` | shows the problems at their field; no retry |
| `Gone` | closes the target |
| `Temporary` | backs off with jitter, counted, then failed |
| `OutcomeUnknown` | never resends blindly: looks for the outcome, else asks a person |
| `UnexpectedAnswer` | stops this capability, keeps a redacted excerpt |

`code` is a stable word that `messages.py` turns into a sentence of the reader's language.
"""

from dataclasses import dataclass
from typing import Literal

from palabre.kit.language import Language
from palabre.kit.told import Told
from palabre.networks.messages import SENTENCES


class NetworkError(Told):
    """Any failure at the border with a network; never holds a token or a whole payload.

    Its message is read at the source's or the account's line.
    """

    sentences = SENTENCES

    def __init__(self, code: str, **params: str | int | float) -> None:
        super().__init__(code, **params)


class AuthExpired(NetworkError):
    """The token was refused."""


class NotPermitted(NetworkError):
    """A scope, a plan or an app review is missing: `params["scope"]` names it where known."""


class RateLimited(NetworkError):
    """The budget is spent; `retry_after` in seconds, for this account or for the whole app."""

    def __init__(
        self, code: str, *, retry_after: float, scope: Literal["account", "app", "host"] = "account"
    ) -> None:
        super().__init__(code, retry_after=retry_after)
        self.retry_after = retry_after
        self.scope = scope


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One reason a content was refused, at the field it belongs to.

    `field` is a name of `Outgoing`, `Part` or `Article` ("text", "media", "alt", "title"…), `part` the
    place of the part in a thread and `place` that of the file in it, both from 0. `detail` is what the
    sentence names beside the numbers.
    """

    field: str
    code: str
    limit: float | None = None
    actual: float | None = None
    part: int = 0
    place: int | None = None
    detail: str = ""

    def message(self, language: Language) -> str:
        """The sentence a person reads at the field."""
        from palabre.networks.messages import sentence

        params = {
            "limit": _number(self.limit),
            "actual": _number(self.actual),
            "part": self.part + 1,
            "place": (self.place or 0) + 1,
            "detail": self.detail,
        }
        return sentence(self.code, params, language)


def _number(value: float | None) -> str:
    """As few digits as say it."""
    return "?" if value is None else f"{value:.10g}"


class Rejected(NetworkError):
    """The network refused the content or the request itself (a bad address, not a feed…)."""

    def __init__(self, code: str, *, problems: tuple[Problem, ...] = (), **params: str | int | float) -> None:
        super().__init__(code, **params)
        self.problems = problems


class Gone(NetworkError):
    """The target was deleted, for good."""


class Temporary(NetworkError):
    """Nothing was done and it may work later (a time-out before sending, a 503, a name not found)."""

    def __init__(self, code: str, *, retry_after: float | None = None, **params: str | int | float) -> None:
        super().__init__(code, **params)
        self.retry_after = retry_after


class OutcomeUnknown(NetworkError):
    """A write may have happened: the answer was lost."""


class UnexpectedAnswer(NetworkError):
    """The shape of the answer changed; `params["excerpt"]` is short and redacted."""
