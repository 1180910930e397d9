"""Folding and cutting of text into words: what the query language, the enrichment and the search agree on.

Two people who write the same word write it in many ways: `L’ORÉAL`, `l'Oreal`, `ＬＯréal` with a
zero-width joiner. `fold` brings spellings together, `tokens` cuts a text into folded words and
remembers where each stood in the original, so that a page can mark it.

The rules, in the order they bite:

* case, accents, ligatures (œ æ ﬁ ß), full-width and mathematical letters and non-ASCII digits are
  folded; marks that carry meaning (Thai tones, Indic vowels, Japanese voicing) stay;
* zero-width characters, soft hyphens, bidi controls and emoji skin tones are ignored;
* elided articles and pronouns (l' d' qu' jusqu' …) and the English 's are no words; any other inner
  apostrophe holds its word together (aujourd'hui, prud'homme, O'Tacos, don't);
* hyphens of every kind, underscores and all other punctuation separate;
* scripts written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) give one word a
  character, so that looking for a word there is looking for a run of characters;
* an emoji (with all its joined parts), a currency sign, 3,5 and 3.5, C++, C#, .NET, AT&T are words;
* `#x` and `@x` give their words and, laid over them, the tag itself; so does `Canal+`.

No token crosses white space and none depends on what is beyond it: the tokens of a text are those of
its `str.split()` pieces in turn. The index of `palabre.query` rests on that.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import regex

ZWJ = "\u200d"
_FLAG_END = "\U000e007f"

_APOSTROPHES = frozenset("'’‘ʼʻʽʹ′‛`´＇ꞌ՚׳‵")
_DASHES = frozenset("‐‑‒–—―−⁃﹘﹣－-־")
_NOTHING = frozenset("™℠")
_STROKES = {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "ƀ": "b"}
_ARABIC = {"ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك"}
_LETTERS = _STROKES | _ARABIC

_IGNORABLE = (
    r"\u00ad\u034f\u061c\u0640\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    r"\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    r"\U000e0000-\U000e0fff"
)
_SKIN_TONES = r"\U0001f3fb-\U0001f3ff"
_INVISIBLE = regex.compile(f"[{_IGNORABLE}{ZWJ}]")
_IGNORED = regex.compile(f"[{_IGNORABLE}{_SKIN_TONES}]")
# Accents in the sense of European, Arabic, Hebrew and Syriac writing; other marks are letters in effect.
_ACCENT = regex.compile(
    r"[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    r"\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0730-\u074a"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_PICTURE = r"[\p{Extended_Pictographic}--[©®‼⁉〰〽ℹ]]"
_FOLLOWER = rf"[\p{{M}}\uff9e\uff9f\u1160-\u11ff\ud7b0-\ud7ff{_IGNORABLE}{_SKIN_TONES}{ZWJ}]"
# A character with what clings to it: the smallest piece that can be folded by itself.
_CLUSTER = regex.compile(
    rf"(?V1s){_PICTURE}{_FOLLOWER}*(?:(?<={ZWJ}{_FOLLOWER}*){_PICTURE}{_FOLLOWER}*)*|.{_FOLLOWER}*"
)
_STRAY_JOINER = regex.compile(rf"(?V1)(?<!{_PICTURE}){ZWJ}|{ZWJ}(?!{_PICTURE})")


def _fold_character(character: str) -> str:
    letter = _fold_letter(character)
    if letter != character:
        return letter
    folded = _ACCENT.sub("", unicodedata.normalize("NFKD", character)).casefold()
    folded = _ACCENT.sub("", unicodedata.normalize("NFKD", folded))
    return unicodedata.normalize("NFC", "".join(map(_fold_letter, folded)))


def _fold_letter(character: str) -> str:
    """What no Unicode decomposition says."""
    if character in _APOSTROPHES:
        return "'"
    if character in _DASHES:
        return "-"
    if character in _NOTHING or _IGNORED.match(character):
        return ""
    digit = unicodedata.decimal(character, None)
    return _LETTERS.get(character, character) if digit is None else str(digit)


class _Folding(dict[int, str]):
    """Code point to folded text, learnt as characters are met (at most one entry a code point)."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


_FOLDING = _Folding()


def _fold_cluster(cluster: str) -> str:
    folded = unicodedata.normalize("NFC", cluster).translate(_FOLDING)
    if cluster[0] == "🏴" and _FLAG_END in cluster:
        return cluster
    return unicodedata.normalize("NFC", _STRAY_JOINER.sub("", folded) if ZWJ in folded else folded)


def _is_plain(text: str, folded: str) -> bool:
    """Whether folding character by character was enough."""
    return (
        ZWJ not in text
        and _FLAG_END not in text
        and unicodedata.is_normalized("NFC", text)
        and unicodedata.is_normalized("NFC", folded)
    )


def fold(text: str) -> str:
    """The text with case, accents, ligatures, widths and invisible characters folded; idempotent.

    White space and punctuation stay (apostrophes become ', dashes become -), so lengths may differ.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    folded = text.translate(_FOLDING)
    if _is_plain(text, folded):
        return folded
    return "".join(map(_fold_cluster, _CLUSTER.findall(text)))


def clean(text: str) -> str:
    """The text as a reader sees it: composed (NFC), without invisible characters; case and accents kept."""
    return unicodedata.normalize("NFC", text if text.isascii() else _INVISIBLE.sub("", text))


class Token(NamedTuple):
    """One folded word, or a tag laid over words.

    `term` is the folded word (`oreal`, `3,5`, `👍`), or begins with # or @, or ends with + for a tag.
    `start` and `end` are character offsets in the original text. `first` and `last` count words from
    0: a word has one position, a tag covers those of its words. Words come in order of position; a
    tag comes before its words.
    """

    term: str
    start: int
    end: int
    first: int
    last: int

    @property
    def is_word(self) -> bool:
        return not is_tag(self.term)


def is_tag(term: str) -> bool:
    """Whether the term is a #hashtag, a @handle or a name+ laid over words rather than a word."""
    return term[0] in "#@" or (term[-1] == "+" and term[-2:] != "++")


_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}ー\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_UNSPACED_CHARACTER = rf"[{_UNSPACED}--\p{{M}}]\p{{M}}*"
_EMOJI = rf"\p{{RI}}{{1,2}}|🏴[\U000e0020-\U000e007f]+|{_PICTURE}(?:{ZWJ}{_PICTURE})*"
_ELIDED = (
    "[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|quoiqu"  # French, Catalan
    "|dell|all|nell|dall|sull|coll|un|quest|quell|bell|sant|gl|v"  # Italian
)
_ELISION = rf"(?<!%W) (?:{_ELIDED}) '(?=[\"«“‘„(\[<\#@]*%L) (?!s(?!%W))"
# One grammar for two alphabets: %L starts a word, %W goes on with it, %N is in a name, %O stands alone.
_GRAMMAR = rf"""
  (?P<word> (?<!%W) (?: [a-z](?:\+\+|\#)(?!%N|[\#+]) | (?<!\.)\.net(?!%N|\.%L)
                      | %L%W?%W?(?:&%L%W?%W?)+(?!%W|&) )
          | (?! {_ELISION} ) %L%W* (?: (?<=[0-9])[.,](?=[0-9])%W+ | '(?!s(?!%W))%L%W* )* | %O )
  (?P<plus> (?<=%W)\+(?!%L|\+) )?
| (?P<dropped> {_ELISION} | (?<=%W)'s(?!%W) )
| (?P<hashtag> (?<!%W) \#_*%L%N* )
| (?P<handle> (?<!%W) (?P<account> @_*%L%N*(?:[.-]%N+)*) (?P<server> @_*%L%N*(?:[.-]%N+)*)? )
"""


def _grammar(letter: str, word: str, name: str, other: str) -> str:
    text = _GRAMMAR.replace("%L", letter).replace("%W", word).replace("%N", name)
    return "(?x)" + text.replace("%O", other)


_L = rf"[[\p{{L}}\p{{N}}]--{_UNSPACED}]"
_W = rf"[[\p{{L}}\p{{M}}\p{{N}}]--{_UNSPACED}]"
_OTHER = rf"(?:{_UNSPACED_CHARACTER}|{_EMOJI}|\p{{Sc}})"
_ANY_SCAN = regex.compile("(?V1)" + _grammar(_L, _W, r"[\p{L}\p{M}\p{N}_]", _OTHER))
_ASCII_SCAN = re.compile(_grammar("[a-z0-9]", "[a-z0-9]", "[a-z0-9_]", r"\$"))
# What makes an ASCII text more than runs of letters and digits.
_ASCII_UNUSUAL = re.compile(r"[#@'&+$]|[0-9][.,][0-9]|\.net")
_ASCII_WORDS = re.compile(r"[a-z0-9]+")
_PIECE = re.compile(r"\S+")
_NAME_WORDS = regex.compile(rf"(?V1){_L}{_W}*|{_UNSPACED_CHARACTER}")
_UNSPACED_TERM = regex.compile(f"(?V1){_UNSPACED_CHARACTER}")
_MIXED = regex.compile(r"(?=.*\p{Latin})[\p{Latin}\p{N}\p{M}авекмнорстухіѕјһԁԛԝαεηικνορτυχ]+")
_TWINS = str.maketrans("авекмнорстухіѕјһԁԛԝαεηικνορτυχ", "abekmhopctyxisjhdqwaenikvoptux")


def is_unspaced(term: str) -> bool:
    """Whether the term is one character of a script written without spaces."""
    return _UNSPACED_TERM.fullmatch(term) is not None


def _word(folded: str) -> str:
    """The word itself, unless it hides Greek or Cyrillic twins among Latin letters."""
    if folded.isascii() or not _MIXED.fullmatch(folded):
        return folded
    return folded.translate(_TWINS)


def _scan(folded: str) -> Iterator[Token]:
    """Tokens of folded text, with offsets in the folded text."""
    position = 0
    for piece in _PIECE.finditer(folded):
        is_ascii = piece[0].isascii()
        if is_ascii and piece[0].isalnum():  # the common case: a bare word
            yield Token(piece[0], *piece.span(), position, position)
            position += 1
            continue
        scan = _ASCII_SCAN if is_ascii else _ANY_SCAN
        for match in scan.finditer(folded, piece.start(), piece.end()):
            word, plus = match.group("word", "plus")
            if word:
                start, end = match.span()
                word = _word(word)
                if plus:
                    yield Token(word + "+", start, end, position, position)
                    end -= 1
                yield Token(word, start, end, position, position)
                position += 1
            elif not match["dropped"]:
                yield from (tag := list(_scan_tag(folded, match, position)))
                position = tag[-1].last + 1


def _scan_tag(folded: str, match: re.Match[str] | regex.Match[str], position: int) -> Iterator[Token]:
    """A hashtag or handle, then its words."""
    start, end = match.span()
    inner = [
        Token(_word(found[0]), *found.span(), rank, rank)
        for rank, found in enumerate(_NAME_WORDS.finditer(folded, start + 1, end), start=position)
    ]
    if match["server"]:
        account_end = match.end("account")
        last = max(token.last for token in inner if token.end <= account_end)
        yield Token(match["account"], start, account_end, position, last)
    yield Token(match[0], start, end, position, inner[-1].last)
    yield from inner


def tokens(text: str) -> list[Token]:
    """The folded words and tags of a text in order, with their places in the original text."""
    if text.isascii():
        return list(_scan(fold(text)))
    folded = text.translate(_FOLDING)
    if _is_plain(text, folded):
        if all(len(_FOLDING[ord(character)]) == 1 for character in set(text)):
            return list(_scan(folded))
        clusters = list(text)
        pieces = [_FOLDING[ord(character)] for character in text]
    else:
        clusters = _CLUSTER.findall(text)
        pieces = [_fold_cluster(cluster) for cluster in clusters]
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for cluster, piece in zip(clusters, pieces, strict=True):
        starts.extend([at] * len(piece))
        at += len(cluster)
        ends.extend([at] * len(piece))
    return [
        token._replace(start=starts[token.start], end=ends[token.end - 1]) for token in _scan("".join(pieces))
    ]


def terms(text: str) -> list[str]:
    """The terms of `tokens(text)` without their places: words and tags, in the same order, but quick."""
    folded = fold(text)
    if folded.isascii():
        if folded.isalnum():
            return [folded]
        if not _ASCII_UNUSUAL.search(folded):
            return _ASCII_WORDS.findall(folded)
        if folded[0] in "#@" and folded[1:].isalnum():
            return [folded, folded[1:]]
    return [token.term for token in _scan(folded)]


def words(text: str) -> list[str]:
    """The folded words of a text in order, tags given as their words."""
    return [term for term in terms(text) if not is_tag(term)]
