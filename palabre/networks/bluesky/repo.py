"""Frames of an AT Protocol repository stream (two CBOR values, the second holding a CAR) to plain events.

Events have the shape of Jetstream's JSON, so that one `normalise` reads both.
Read on 2026-11-23: https://atproto.com/specs/event-stream and https://atproto.com/specs/sync
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import libipld


class BadFrame(ValueError):
    """The frame is not two CBOR values, or its blocks are no CAR."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One frame; `kind` is `#commit`, `#identity`, …, or the error's name when `failed`."""

    kind: str
    seq: int | None
    body: Mapping[str, Any]
    failed: bool = False


def read_frame(message: bytes) -> Frame:
    """The two CBOR values of a frame. Raises `BadFrame`."""
    try:
        parts = libipld.decode_dag_cbor_multi(message)
    except (ValueError, TypeError, RecursionError):
        raise BadFrame from None
    if len(parts) != 2 or not all(isinstance(part, dict) for part in parts):
        raise BadFrame
    header, body = parts
    failed = header.get("op") != 1
    seq = body.get("seq")
    return Frame(
        kind=str(body.get("error") if failed else header.get("t")),
        seq=seq if isinstance(seq, int) else None,
        body=body,
        failed=failed,
    )


def events(frame: Frame, *, collection: str) -> list[dict[str, Any]]:
    """What a frame changes in `collection`, and who changed name; empty for anything else.

    A record whose block is left out of the frame is passed over. Raises `BadFrame`.
    """
    body = frame.body
    if frame.kind == "#identity":
        identity = {"did": body.get("did"), "handle": body.get("handle")}
        return [{"kind": "identity", "did": body.get("did"), "identity": identity}]
    if frame.kind != "#commit":
        return []
    wanted = [op for op in _list(body.get("ops")) if _path(op).startswith(collection + "/")]
    if not wanted:
        return []
    blocks = _blocks(body.get("blocks")) if any(op.get("cid") for op in wanted) else {}
    found = []
    for op in wanted:
        commit = {
            "operation": op.get("action"),
            "collection": collection,
            "rkey": _path(op).partition("/")[2],
        }
        if op.get("action") != "delete":
            record = blocks.get(op.get("cid"))
            if not isinstance(record, dict):
                continue
            commit["record"] = _plain(record)
        found.append({"kind": "commit", "did": body.get("repo"), "time": body.get("time"), "commit": commit})
    return found


def _list(value: object) -> list[dict[str, Any]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _path(op: Mapping[str, Any]) -> str:
    path = op.get("path")
    return path if isinstance(path, str) else ""


def _blocks(car: object) -> dict[Any, Any]:
    if not isinstance(car, bytes) or not car:
        return {}
    try:
        _, blocks = libipld.decode_car(car)
    except (ValueError, TypeError, RecursionError):
        raise BadFrame from None
    return dict(blocks)


def _plain(value: Any) -> Any:
    """Without bytes: a link becomes {"$link": text} as in the protocol's JSON."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, bytes):
        return {"$link": _cid(value)}
    return value


def _cid(raw: bytes) -> str:
    try:
        return str(libipld.encode_cid(raw))
    except (ValueError, TypeError):
        return ""
