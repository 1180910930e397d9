"""Static files are handed over whole, with the headers that let a browser keep them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings

from palabre.ui.middleware import StaticFiles

WORDS = b"body { color: green }"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[StaticFiles]:
    (tmp_path / "palabre.css").write_bytes(WORDS)
    kept = {"STATIC_ROOT": str(tmp_path), "WHITENOISE_AUTOREFRESH": False, "WHITENOISE_USE_FINDERS": False}
    with override_settings(**kept):
        yield StaticFiles(lambda request: HttpResponse(status=404))


def asked(served: StaticFiles, method: str = "GET", **headers: str) -> HttpResponse:
    request = HttpRequest()
    request.method, request.path_info, request.META = method, "/static/palabre.css", dict(headers)
    answer = served(request)
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_file_comes_whole_and_is_no_stream(served: StaticFiles) -> None:
    answer = asked(served)
    assert (answer.status_code, answer.content, answer.streaming) == (200, WORDS, False)
    assert answer["Content-Type"] == 'text/css; charset="utf-8"' and "max-age" in answer["Cache-Control"]


def test_a_part_comes_alone_and_what_is_known_already_not_again(served: StaticFiles) -> None:
    part = asked(served, HTTP_RANGE="bytes=5-10")
    assert (part.status_code, part.content) == (206, WORDS[5:11])
    again = asked(served, HTTP_IF_NONE_MATCH=asked(served)["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_only_the_headers_are_sent_where_only_they_are_asked_for(served: StaticFiles) -> None:
    answer = asked(served, "HEAD")
    assert (answer.content, answer["Content-Length"]) == (b"", str(len(WORDS)))
