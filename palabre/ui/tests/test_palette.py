"""Colours outside the browser are those of the sheet, and people can tell them apart."""

import pytest

from palabre.ui import palette


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of `#rgb` or `#rrggbb`."""
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("--ink", "--paper"),
        ("--ink", "--card"),
        ("--ink-2", "--chip"),
        ("--muted", "--paper"),
        ("--muted", "--card"),
        ("--muted", "--well"),
        ("--green", "--card"),
        ("--green", "--green-soft"),
        ("--on-act", "--act"),
        ("--pos-text", "--pos-soft"),
        ("--neu-text", "--neu-soft"),
        ("--neg-text", "--neg-soft"),
        ("--neg-text", "--card"),
        ("--amber", "--amber-soft"),
        ("--ink", "--clay-soft"),
        ("--ink", "--mark"),
        ("--side-ink", "--side"),
        ("--side-strong", "--side-on"),
    ],
)
def test_words_can_be_read_on_their_ground(theme, text, ground):
    colours = palette.colours(theme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "mark", ["--edge", "--focus", "--clay", "--pos", "--neg", *(f"--serie-{n}" for n in range(1, 6))]
)
def test_controls_and_marks_stand_out(theme, mark):
    colours = palette.colours(theme)
    assert contrast(colours[mark], colours["--card"]) >= 3


def test_a_definition_is_painted_all_the_way_down():
    spec = {"range": ["--pos", "--neg"], "mark": {"color": "--act", "size": 3}, "field": "day"}
    assert palette.painted(spec) == {
        "range": ["#1b7f79", "#d0562f"],
        "mark": {"color": "#0b6b5d", "size": 3},
        "field": "day",
    }


def test_an_unknown_token_is_a_fault():
    with pytest.raises(KeyError):
        palette.painted("--mauve")
