"""Too much is refused before any of it is kept, whether it was announced or not."""

import asyncio
from collections.abc import Iterable
from typing import Any

from palabre.kit.bodies import DRAINED, Limit, Message, takes

MOST = 100


class Kept:
    """An application that keeps what it is handed, as Django does before a page is asked."""

    def __init__(self) -> None:
        self.held, self.left = 0, False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.left = True
                return
            self.held += len(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"kept"})


def ask(
    pieces: Iterable[bytes], *, announced: bool = True, method: str = "POST"
) -> tuple[Kept, list[Message], int]:
    """What became of a request: the application, what was answered, how many bytes were read."""
    parts, answers, read = list(pieces), [], 0
    headers = [(b"content-length", str(sum(map(len, parts))).encode())] if announced else []
    scope = {"type": "http", "method": method, "headers": headers, "path": "/"}

    async def receive() -> Message:
        nonlocal read
        body = parts.pop(0)
        read += len(body)
        return {"type": "http.request", "body": body, "more_body": bool(parts)}

    async def send(message: Message) -> None:
        answers.append(message)

    kept = Kept()
    limit = Limit(kept, most_of=lambda scope: MOST, refusal=lambda scope, most: f"at most {most}".encode())
    asyncio.run(limit(scope, receive, send))
    return kept, answers, read


def test_what_is_within_the_limit_goes_through() -> None:
    kept, answers, _read = ask([b"x" * 60, b"x" * 40])
    assert (kept.held, answers[0]["status"]) == (100, 200)


def test_what_is_announced_too_large_is_refused_before_any_of_it_is_kept() -> None:
    kept, answers, read = ask([b"x" * 60, b"x" * 41])
    assert (kept.held, answers[0]["status"], answers[1]["body"]) == (0, 413, b"at most 100")
    assert read == 101, "read to nowhere, so that the browser hears the answer"


def test_a_lie_about_its_size_is_cut_off_as_it_comes() -> None:
    kept, answers, _read = ask([b"x" * 60] * 50, announced=False)
    assert (kept.held, kept.left) == (60, True)
    assert [answer.get("status") for answer in answers] == [413, None]


def test_a_body_without_an_end_is_not_read_for_ever() -> None:
    piece = b"x" * 1_000_000
    _kept, answers, read = ask([piece] * 100)
    assert answers[0]["status"] == 413
    assert read == DRAINED


def test_what_only_asks_is_not_looked_at() -> None:
    kept, answers, _read = ask([b"x" * 200], method="GET")
    assert (kept.held, answers[0]["status"]) == (200, 200)


def test_a_view_says_how_much_it_takes() -> None:
    assert takes(5)(lambda: None).body_most == 5  # type: ignore[attr-defined]
