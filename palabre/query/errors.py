"""The one error of the query language: refused, here, because."""

from palabre.kit.told import Told
from palabre.query.messages import MESSAGES, say


class QueryError(Told, ValueError):
    """A query that cannot be read, or may not be used as it is.

    `start` and `length` are characters of the query's text: what to underline (a length of 0 means
    right at `start`).
    """

    sentences = MESSAGES

    def __init__(self, code: str, start: int = 0, length: int = 0, **params: object) -> None:
        super().__init__(code, **params)
        self.start, self.length = start, length

    def message(self, language: str) -> str:
        """What is wrong and what was expected."""
        params = dict(self.params)
        if self.code == "field_unknown":
            close = params.pop("close", "")
            params["hint"] = say("hint_close", language, word=close) if close else ""
        return say(self.code, language, **params)

    def __str__(self) -> str:
        return f"{self.message('en')} (character {self.start + 1})"
