"""Figures as people of each language write them: separators, no-break spaces, signs, compact forms.

Every room and every mail writes its figures through here, so that a French page never shows a
full stop for a comma, nor a unit alone at the start of a line.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

from django.utils.translation import get_language

NBSP = "\u00a0"
NARROW = "\u202f"
MINUS = "\u2212"
DASH = "\u2014"

Number: TypeAlias = int | float | Decimal


def french() -> bool:
    """Whether the active language is French."""
    return (get_language() or "fr").startswith("fr")


def number(value: Number | None, digits: int = 0) -> str:
    """1284 as `1 284` (narrow no-break space) or `1,284`; `digits` decimals; a dash for None."""
    if value is None:
        return DASH
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = f"{abs(rounded):,.{digits}f}"
    if french():
        text = text.replace(",", NARROW).replace(".", ",")
    return MINUS + text if rounded < 0 else text


def percent(value: Number | None, digits: int = 0) -> str:
    """A percentage already counted in hundredths: 18 as `18 %` or `18%`; a dash for None."""
    if value is None:
        return DASH
    return number(value, digits) + (f"{NBSP}%" if french() else "%")


def share(value: Number | None, digits: int = 0) -> str:
    """A ratio from 0 to 1 as a percentage: 0.18 as `18 %` or `18%`; a dash for None."""
    return percent(None if value is None else Decimal(str(value)) * 100, digits)


def compact(value: Number | None) -> str:
    """412000 as `412 k` or `412k`; 1240000 as `1,2 M` or `1.2M`; small figures stay whole."""
    if value is None:
        return DASH
    units = [(Decimal(10) ** 9, "Md", "B"), (Decimal(10) ** 6, "M", "M"), (Decimal(10) ** 3, "k", "k")]
    exact = Decimal(str(value))
    for size, in_french, in_english in units:
        # 999 500 reads 1 M, not 1 000 k: the step is where rounding would reach the next unit
        if abs(exact) >= size * Decimal("0.9995") and abs(exact) >= 1000:
            scaled = exact / size
            digits = 1 if abs(scaled) < 10 and scaled.quantize(Decimal("0.1")) % 1 else 0
            return number(scaled, digits) + (NBSP + in_french if french() else in_english)
    return number(exact)


def signed(value: Number | None, digits: int = 0) -> str:
    """A change with its sign, `+4` or `−4`; zero has none."""
    if value is None:
        return DASH
    return ("+" if value > 0 else "") + number(value, digits)


def initials(name: str) -> str:
    """Two letters for a person or a brand: `Café Baobab` is CB, `Malo` is MA; `?` without letters."""
    words = [word for word in name.replace("’", " ").replace("'", " ").split() if word[0].isalnum()]
    if not words:
        bare = "".join(letter for letter in name if letter.isalnum())
        return bare[:2].upper() or "?"
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()


def hue(name: str) -> int:
    """The class (`hue-0` to `hue-7`) that a name always gets, the same in every process."""
    return sum(index * ord(letter) for index, letter in enumerate(name.casefold(), start=1)) % 8


def weight(octets: int | None) -> str:
    """Bytes as `8 Mo` or `8 MB`, in the decimal units in which networks state what a file may weigh."""
    if octets is None:
        return DASH
    letter = "o" if french() else "B"
    for size, unit in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if octets >= size * 0.9995:
            scaled = Decimal(octets) / size
            digits = 1 if scaled < 100 and scaled.quantize(Decimal("0.1")) % 1 else 0
            return f"{number(scaled, digits)}{NBSP}{unit}{letter}"
    return f"{number(octets)}{NBSP}{letter}"
