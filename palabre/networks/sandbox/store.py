"""What stands at the sandbox: posts, tokens and planned misbehaviour, in memory or in a file of one's own.

Whatever is said, changed or taken away is noted for the accounts that hear of it, in one growing list.

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
create table if not exists heard(
  id integer primary key autoincrement, account text not null, post integer not null);
create index if not exists heard_account on heard(account, id);
create table if not exists mark(
  account text not null, act text not null, subject text not null, text text not null, until text not null,
  primary key(account, act, subject));
create table if not exists plan(id integer primary key, account text not null, behaviour text not null);
"""

_SHUT_OUT = ("mute", "block", "ban")
_POST = "select id, account, key, step, reply_to, said, at, deleted from post"


@dataclass(frozen=True, kw_only=True)
class Post:
    """One post of the sandbox; `said` is its text, files and the rest as JSON.

    Of what somebody was made to say (`Store.say`), `said` holds `to`, `private`, `held` and `address` too.
    """

    id: str
    account: str
    key: str
    step: str
    reply_to: str
    said: Mapping[str, Any]
    at: datetime
    deleted: bool = False


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One thing to hear of: its place in the list, the post, and the posts it hangs under, root first."""

    place: int
    post: Post
    above: tuple[Post, ...]


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
            return self._kept(base, post)

    def _kept(self, base: sqlite3.Connection, post: Post) -> Post:
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
        kept = self._rows(base, "id = ?", post.account, done.lastrowid)[0]
        self._note(base, kept)
        return kept

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
            if done.rowcount == 1:
                self._note(base, self._rows(base, "id = ?", account, remote_id)[0])
            return done.rowcount == 1

    def remove(self, account: str, remote_id: str) -> None:
        """Take a post away; nothing happens when it is gone."""
        with self._open() as base:
            there = self._rows(base, "id = ?", account, remote_id)
            base.execute("update post set deleted = 1 where id = ? and account = ?", (remote_id, account))
            for post in there:
                self._note(base, post)

    def restore(self, account: str, remote_id: str) -> None:
        """Take a post out of the bin."""
        with self._open() as base:
            base.execute("update post set deleted = 0 where id = ? and account = ?", (remote_id, account))
            for post in self._rows(base, "id = ?", account, remote_id):
                self._note(base, post)

    def mark(
        self, account: str, act: str, subject: str, *, text: str = "", until: datetime | None = None
    ) -> None:
        """Keep what an account did to a post or to somebody: an act of moderation, a like."""
        end = until.isoformat() if until else ""
        with self._open() as base:
            base.execute(
                "insert or replace into mark values(?, ?, ?, ?, ?)", (account, act, subject, text, end)
            )

    def unmark(self, account: str, act: str, subject: str) -> None:
        """Take it back; nothing happens when it was not there."""
        with self._open() as base:
            asked = "delete from mark where account = ? and act = ? and subject = ?"
            base.execute(asked, (account, act, subject))

    def marked(self, account: str, act: str, subject: str, now: datetime) -> bool:
        """Whether it stands, and has not ended by itself."""
        with self._open() as base:
            return self._marked(base, account, act, subject, now)

    @staticmethod
    def _marked(base: sqlite3.Connection, account: str, act: str, subject: str, now: datetime) -> bool:
        asked = "select until from mark where account = ? and act = ? and subject = ?"
        row = base.execute(asked, (account, act, subject)).fetchone()
        return row is not None and (not row[0] or datetime.fromisoformat(row[0]) > now)

    def say(
        self,
        account: str,
        author: str,
        text: str,
        *,
        at: datetime,
        reply_to: str = "",
        private: bool = False,
        held: bool = False,
        address: str = "",
    ) -> str:
        """Make `author` say something to `account`; gives its id.

        `author` may be the account itself, on the network and not through Palabre. A private message
        without `reply_to` goes on from the last one between the two. `address` says why it reaches the
        account ("quote", "review"…) where that does not follow from the rest.
        """
        with self._open() as base:
            if private and not reply_to:
                reply_to = self._last_private(base, account, author)
            said = {"text": text, "to": account, "private": private, "held": held, "address": address}
            post = Post(id="", account=author, key="", step="", reply_to=reply_to, said=said, at=at)
            return self._kept(base, post).id

    def rewrite(self, author: str, remote_id: str, text: str) -> bool:
        """Make somebody change what they said; False when it is not there."""
        with self._open() as base:
            there = self._rows(base, "id = ?", author, remote_id)
        return bool(there) and self.change(author, remote_id, {**there[0].said, "text": text})

    def post(self, remote_id: str) -> Post | None:
        """A post that stands, of anybody."""
        there = self.ever(remote_id)
        return None if there is None or there.deleted else there

    def ever(self, remote_id: str) -> Post | None:
        """A post of anybody, also one that was taken away."""
        with self._open() as base:
            return self._one(base, remote_id)

    def heard(self, account: str, *, since: int, most: int) -> list[Heard]:
        """What an account hears of after the place `since`, oldest first; each post as it is now."""
        with self._open() as base:
            asked = "select id, post from heard where account = ? and id > ? order by id limit ?"
            found = []
            for place, number in base.execute(asked, (account, since, most)).fetchall():
                post = self._one(base, str(number))
                if post is not None:
                    found.append(Heard(place=place, post=post, above=self._above(base, post)))
            return found

    def heard_before(self, account: str, *, since: datetime, most: int) -> int:
        """The place before the last `most` things an account heard of, none of them older than `since`."""
        with self._open() as base:
            asked = "select heard.id, at from heard join post on post.id = heard.post where heard.account = ?"
            rows = base.execute(f"{asked} order by heard.id desc limit ?", (account, most + 1)).fetchall()
            for seen, (place, at) in enumerate(rows):
                if seen == most or datetime.fromisoformat(at) < since:
                    return int(place)
            return 0

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
        """How the next writes of an account go, one behaviour a write; `account@ear` plans its visits."""
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

    def _note(self, base: sqlite3.Connection, post: Post) -> None:
        """For the author, for whom it is said to, and for those it hangs under."""
        hearing = {post.account, str(post.said.get("to") or post.account)}
        hearing |= {above.account for above in self._above(base, post)}
        hearing = {one for one in hearing if not self._unheard(base, one, post)}
        base.executemany(
            "insert into heard(account, post) values(?, ?)", [(one, post.id) for one in sorted(hearing)]
        )

    def _unheard(self, base: sqlite3.Connection, account: str, post: Post) -> bool:
        """Whether an account has muted, blocked or banned who says it."""
        return any(self._marked(base, account, act, post.account, post.at) for act in _SHUT_OUT)

    def _above(self, base: sqlite3.Connection, post: Post) -> tuple[Post, ...]:
        """The root and the parent; what was taken away in between is passed through."""
        parent = self._one(base, post.reply_to)
        if parent is None:
            return ()
        root, seen = parent, {post.id}
        while root.id not in seen and (further := self._one(base, root.reply_to)) is not None:
            seen.add(root.id)
            root = further
        return (parent,) if root.id == parent.id else (root, parent)

    def _last_private(self, base: sqlite3.Connection, account: str, author: str) -> str:
        asked = """select max(id) from post where not deleted and json_extract(said, '$.private')
                   and ((account = ? and json_extract(said, '$.to') = ?)
                        or (account = ? and json_extract(said, '$.to') = ?))"""
        (found,) = base.execute(asked, (author, account, account, author)).fetchone()
        return "" if found is None else str(found)

    @staticmethod
    def _one(base: sqlite3.Connection, remote_id: str) -> Post | None:
        """A post of anybody, also one that was taken away."""
        row = base.execute(f"{_POST} where id = ?", (remote_id,)).fetchone()
        return None if row is None else _post(row)

    @staticmethod
    def _rows(base: sqlite3.Connection, where: str, account: str, *values: Any) -> list[Post]:
        # `where` is one of this file's own phrases.
        asked = f"{_POST} where account = ? and not deleted and {where} order by id"
        return [_post(row) for row in base.execute(asked, (account, *values))]


def _post(row: tuple[Any, ...]) -> Post:
    return Post(
        id=str(row[0]),
        account=row[1],
        key=row[2],
        step=row[3],
        reply_to=row[4],
        said=json.loads(row[5]),
        at=datetime.fromisoformat(row[6]),
        deleted=bool(row[7]),
    )
