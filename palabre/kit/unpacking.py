"""Compressed answers, unpacked as they come and never beyond the room that is left."""

import zlib


class BadPacking(Exception):
    """The body is not packed as its header says, or stops in the middle."""


class Plain:
    """No compression."""

    def feed(self, packed: bytes, room: int) -> bytes:
        """At most `room` bytes of it."""
        return packed[:room]

    def finish(self) -> None:
        """Nothing can be missing."""


class Zlib:
    """gzip (several members too) and deflate (with or without its wrapper)."""

    def __init__(self) -> None:
        self._engine = zlib.decompressobj(47)
        self._begun = False

    def feed(self, packed: bytes, room: int) -> bytes:
        """At most `room` bytes of what is inside, also where a few bytes hold gigabytes."""
        out = b""
        while packed and len(out) < room:
            if self._engine.eof:
                if not packed.startswith(b"\x1f\x8b"):
                    return out  # padding after the last member
                self._engine = zlib.decompressobj(47)
            try:
                out += self._engine.decompress(packed, room - len(out))
            except zlib.error:
                if self._begun:
                    raise BadPacking from None
                out += self._bare(packed, room - len(out))
            self._begun = True
            packed = self._engine.unused_data
        return out

    def finish(self) -> None:
        """Raises `BadPacking` when the end is missing."""
        if self._begun and not self._engine.eof:
            raise BadPacking

    def _bare(self, packed: bytes, room: int) -> bytes:
        self._engine = zlib.decompressobj(-15)
        try:
            return self._engine.decompress(packed, room)
        except zlib.error:
            raise BadPacking from None


def unpacker(encoding: str) -> Plain | Zlib:
    """What unpacks a Content-Encoding. Raises `BadPacking` for one we did not ask for."""
    name = encoding.strip().lower()
    if name in ("", "identity", "none", "utf-8"):
        return Plain()
    if name in ("gzip", "x-gzip", "deflate"):
        return Zlib()
    raise BadPacking
