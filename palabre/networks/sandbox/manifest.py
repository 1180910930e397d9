"""What is declared about the sandbox, and how it can be told to misbehave."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import partial

from palabre.networks.contract import (
    Act,
    Acting,
    Budget,
    Capability,
    Ear,
    Manifest,
    Reach,
    SignInKind,
    WatchField,
    WatchKind,
    Words,
)
from palabre.networks.errors import (
    AuthExpired,
    Gone,
    NetworkError,
    NotPermitted,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Temporary,
    UnexpectedAnswer,
)
from palabre.networks.moderating import UNDONE_BY
from palabre.networks.rules import answers_of, rules_of

HOST = "sandbox.example"
_ON_MESSAGE = (
    *(Act.APPROVE, Act.HOLD, Act.HIDE, Act.UNHIDE, Act.SPAM, Act.UNSPAM, Act.DELETE, Act.RESTORE),
    *(Act.REWRITE, Act.REPORT, Act.LIKE, Act.UNLIKE, Act.REPOST, Act.UNREPOST),
)
_ON_AUTHOR = (Act.MUTE, Act.UNMUTE, Act.BLOCK, Act.UNBLOCK, Act.BAN, Act.UNBAN)


class Behaviour(StrEnum):
    """How the sandbox acts when the option `behaviour` of a watch or of a sign-in says so."""

    WELL = "well"
    SLOW = "slow"
    DUPLICATES = "duplicates"
    REPEATED_PAGE = "repeated_page"
    OLD_CURSOR = "old_cursor"
    """What was heard long ago is heard again."""
    BROKEN_STREAM = "broken_stream"
    AUTH_EXPIRED = "auth_expired"
    NOT_PERMITTED = "not_permitted"
    RATE_LIMITED = "rate_limited"
    REJECTED = "rejected"
    GONE = "gone"
    TEMPORARY = "temporary"
    OUTCOME_UNKNOWN = "outcome_unknown"
    UNEXPECTED_ANSWER = "unexpected_answer"
    CUT_AFTER = "cut_after"
    """A write is done, and its answer lost."""
    HALF_THREAD = "half_thread"
    """The first part goes out, the others do not."""
    FORGETFUL = "forgetful"
    """The same key twice makes two posts."""
    CANNOT_TELL = "cannot_tell"
    """What happened cannot be found out."""
    EXPIRES = "expires"
    """The token dies at the next write; signing in anew helps."""
    SIGNED_OUT = "signed_out"
    """The token cannot be renewed."""

    @classmethod
    def of(cls, told: Mapping[str, str]) -> "Behaviour":
        """What is asked for under `behaviour`; anything unknown is to behave well."""
        asked = told.get("behaviour", "")
        return cls(asked) if asked in set(cls) else cls.WELL


_OPTIONS = (
    WatchField(
        key="behaviour",
        label=Words(
            fr="Comportement (well, slow, rate_limited…)", en="Behaviour (well, slow, rate_limited…)"
        ),
        required=False,
        default=Behaviour.WELL,
    ),
    WatchField(key="seed", label=Words(fr="Graine", en="Seed"), required=False, default="1"),
    WatchField(
        key="language",
        label=Words(fr="Langue (fr ou en)", en="Language (fr or en)"),
        required=False,
        default="fr",
    ),
)

MANIFEST = Manifest(
    key="sandbox",
    label="Sandbox (demo)",
    icon="flask",
    capabilities=frozenset(Capability),
    watches=(
        WatchKind(
            key="search",
            label=Words(fr="Recherche de démonstration", en="Demo search"),
            hint=Words(
                fr="Des publications inventées autour des mots de vos sujets : rien n’est vrai.",
                en="Invented posts about the words of your topics: nothing is true.",
            ),
            reach=Reach.RADAR,
            needs_topic=True,
            fields=_OPTIONS,
        ),
        WatchKind(
            key="outlet",
            label=Words(fr="Journal de démonstration", en="Demo newspaper"),
            hint=Words(
                fr="Un journal inventé, par exemple gazette-des-tilleuls.example.",
                en="An invented newspaper, such as linden-gazette.example.",
            ),
            placeholder="gazette-des-tilleuls.example",
            fields=_OPTIONS,
        ),
        WatchKind(
            key="live",
            label=Words(fr="Direct de démonstration", en="Demo live stream"),
            hint=Words(
                fr="Une publication inventée toutes les dix secondes.",
                en="One invented post every ten seconds.",
            ),
            reach=Reach.RADAR,
            capability=Capability.STREAM,
            fields=_OPTIONS,
        ),
    ),
    sign_ins=(
        SignInKind(
            key="name",
            label=Words(fr="Un nom", en="A name"),
            hint=Words(
                fr="N’importe quel nom : rien ne sort de ce serveur.",
                en="Any name: nothing leaves this server.",
            ),
            fields=(
                WatchField(key="name", label=Words(fr="Nom", en="Name"), default="tilleuls"),
                _OPTIONS[0],
            ),
        ),
        SignInKind(
            key="page",
            label=Words(fr="Une page de connexion", en="A sign-in page"),
            hint=Words(
                fr="L’aller-retour d’une connexion, sans rien à accepter.",
                en="There and back as a sign-in does, with nothing to accept.",
            ),
            redirect=True,
        ),
    ),
    rules=rules_of("sandbox"),
    answers=answers_of("sandbox"),
    ears=(
        Ear(
            key="talk",
            label=Words(fr="Tout ce qui est dit au compte", en="All that is said to the account"),
            hint=Words(
                fr="Commentaires, mentions et messages inventés : rien n’est vrai.",
                en="Invented comments, mentions and messages: nothing is true.",
            ),
            every=20.0,
        ),
    ),
    scopes={
        Capability.PUBLISH: ("write",),
        Capability.MEASURE: ("read",),
        Capability.HEAR: ("read",),
        Capability.REPLY: ("write",),
        Capability.MODERATE: ("write",),
    },
    acts=tuple(
        Acting(
            act=act,
            on="author" if act in _ON_AUTHOR else "message",
            undoes=next((undone for undone, by in UNDONE_BY.items() if by is act), None),
            durations=act is Act.BAN,
        )
        for act in (*_ON_MESSAGE, *_ON_AUTHOR)
    ),
    budgets=(Budget(calls=1000, seconds=3600, per="account", capability=Capability.PUBLISH),),
    source="palabre:networks/sandbox",
    invented=True,
    checked_on=date(2026, 11, 23),
    cannot=(
        Words(
            fr="Rien de ce qui s’y lit n’est vrai : réseau de démonstration.",
            en="Nothing read there is true: it is a network for demonstrations.",
        ),
    ),
)


MISDEEDS: dict[Behaviour, Callable[[], NetworkError]] = {
    Behaviour.AUTH_EXPIRED: partial(AuthExpired, "sign_in_needed", host=HOST),
    Behaviour.NOT_PERMITTED: partial(NotPermitted, "forbidden", host=HOST),
    Behaviour.RATE_LIMITED: partial(RateLimited, "too_many_requests", retry_after=30.0),
    Behaviour.REJECTED: partial(Rejected, "content_refused", host=HOST, detail="behaviour=rejected"),
    Behaviour.GONE: partial(Gone, "gone", host=HOST),
    Behaviour.TEMPORARY: partial(Temporary, "server_trouble", status=503, host=HOST),
    Behaviour.OUTCOME_UNKNOWN: partial(OutcomeUnknown, "outcome_unknown", host=HOST),
    Behaviour.UNEXPECTED_ANSWER: partial(UnexpectedAnswer, "not_json", host=HOST, excerpt="<html>"),
}
