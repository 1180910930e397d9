"""What stands at the sandbox: posts, tokens and planned misbehaviour, in memory or in a file of one's own.

A file is what several processes share: a worker that is killed finds its posts again.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

_TABLES = """
create table if not exists post(
  id integer primary key, account text not null, key text not null, step text not null,
  reply_to text not null, said text not null, at text not null, deleted integer not null default 0);
create index if not exists post_key on post(account, key, step);
create table if not exists token(token text primary key, account text not null, alive integer not null);
create table if not exists plan(id integer primary key, account text not null, behaviour text not null);
"""


@dataclass(frozen=True, kw_only=True)
class Post:
    """One post of the sandbox; `said` is its text, files and the rest as JSON."""

    id: str
    account: str
    key: str
    step: str
    reply_to: str
    said: Mapping[str, Any]
    at: datetime


class Store:
    """See the module; `path` "" is memory."""

    def __init__(self, path: str = "") -> None:
        self._lock = Lock()
        self._base = sqlite3.connect(path or ":memory:", check_same_thread=False, timeout=30)
        with self._open() as base:
            base.executescript(_TABLES)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._base:
            yield self._base

    def add(self, post: Post, *, once: bool) -> Post:
        """Keep a post; `once`: the same key and step again give the one that is there."""
        with self._open() as base:
            if once and (
                there := self._rows(base, "key = ? and step = ?", post.account, post.key, post.step)
            ):
                return there[0]
            done = base.execute(
                "insert into post(account, key, step, reply_to, said, at) values(?, ?, ?, ?, ?, ?)",
                (
                    post.account,
                    post.key,
                    post.step,
                    post.reply_to,
                    json.dumps(post.said),
                    post.at.isoformat(),
                ),
            )
            return self._rows(base, "id = ?", post.account, done.lastrowid)[0]

    def of(self, account: str) -> list[Post]:
        """All that stands of an account, oldest first."""
        with self._open() as base:
            return self._rows(base, "1 = 1", account)

    def keyed(self, account: str, key: str, step: str) -> list[Post]:
        """What stands of one step of one delivery."""
        with self._open() as base:
            return self._rows(base, "key = ? and step = ?", account, key, step)

    def change(self, account: str, remote_id: str, said: Mapping[str, Any]) -> bool:
        """Replace what a post says; False when it is not there."""
        with self._open() as base:
            done = base.execute(
                "update post set said = ? where id = ? and account = ? and not deleted",
                (json.dumps(said), remote_id, account),
            )
            return done.rowcount == 1

    def remove(self, account: str, remote_id: str) -> None:
        """Take a post away; nothing happens when it is gone."""
        with self._open() as base:
            base.execute("update post set deleted = 1 where id = ? and account = ?", (remote_id, account))

    def grant(self, token: str, account: str) -> None:
        """A token that works from now on."""
        with self._open() as base:
            base.execute("insert or replace into token values(?, ?, 1)", (token, account))

    def kill(self, token: str) -> None:
        """A token that no longer works."""
        with self._open() as base:
            base.execute("update token set alive = 0 where token = ?", (token,))

    def works(self, token: str) -> bool:
        """Whether a token works; one this store never gave does."""
        with self._open() as base:
            row = base.execute("select alive from token where token = ?", (token,)).fetchone()
            return row is None or bool(row[0])

    def plan(self, account: str, *behaviours: str) -> None:
        """How the next writes of an account go, one behaviour a write."""
        with self._open() as base:
            base.executemany(
                "insert into plan(account, behaviour) values(?, ?)", [(account, b) for b in behaviours]
            )

    def planned(self, account: str) -> str:
        """The behaviour of the next write, taken from the plan; "" when there is none."""
        with self._open() as base:
            asked = "select id, behaviour from plan where account = ? order by id limit 1"
            row = base.execute(asked, (account,)).fetchone()
            if row is None:
                return ""
            base.execute("delete from plan where id = ?", (row[0],))
            return str(row[1])

    @staticmethod
    def _rows(base: sqlite3.Connection, where: str, account: str, *values: Any) -> list[Post]:
        asked = "select id, account, key, step, reply_to, said, at from post"
        # `where` is one of this file's own phrases.
        asked += f" where account = ? and not deleted and {where} order by id"
        return [
            Post(
                id=str(row[0]),
                account=row[1],
                key=row[2],
                step=row[3],
                reply_to=row[4],
                said=json.loads(row[5]),
                at=datetime.fromisoformat(row[6]),
            )
            for row in base.execute(asked, (account, *values))
        ]
