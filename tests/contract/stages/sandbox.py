"""The sandbox: in memory, remembering keys or not."""

from dataclasses import replace
from itertools import count

from palabre.networks.contract import Act, Session, SignIn
from palabre.networks.outgoing import Target
from palabre.networks.sandbox import connector
from palabre.networks.sandbox.manifest import Behaviour
from palabre.networks.sandbox.store import Post
from palabre.networks.sandbox.world import people
from tests.contract.moderating import WORDS
from tests.contract.scene import NOW, RecordedHttp
from tests.contract.stage import Fault, Stage, Standing

_names = count(1)
_NO_HTTP = "the sandbox lives in memory and asks nothing over HTTP"


def _stage(name: str, behaviour: str = "") -> Stage:
    account, store = f"tilleuls{next(_names)}", connector.store()

    async def standing() -> list[Standing]:
        return [
            Standing(
                id=post.id,
                text=post.said["text"],
                above=post.reply_to,
                alts=tuple(file["alt"] for file in post.said.get("media", ())),
            )
            for post in store.of(account)
        ]

    async def said(text: str) -> Target:
        post = Post(id="", account="zoe", key="k", step="part-0", reply_to="", said={"text": text}, at=NOW)
        return Target(remote_id=store.add(post, once=False).id)

    async def speak(text: str, above: str) -> Target:
        return Target(remote_id=store.say(account, "zoe", text, at=NOW, reply_to=above))

    async def unsay(target: Target) -> None:
        store.remove("zoe", target.remote_id)

    async def acted(act: Act, target: Target) -> bool:
        post = store.ever(target.remote_id)
        assert post is not None
        match act:
            case Act.HOLD | Act.SPAM:
                return bool(post.said.get("held" if act is Act.HOLD else "spam"))
            case Act.DELETE:
                return post.deleted
            case Act.REWRITE:
                return bool(post.said["text"] == WORDS)
            case Act.MUTE | Act.BLOCK | Act.BAN:
                return store.marked(account, act, post.account, NOW)
            case _:
                return store.marked(account, act, post.id, NOW)

    async def powerless(session: Session) -> Session:
        store.plan(f"{account}@acts", Behaviour.NOT_PERMITTED)
        return session

    def faulty(session: Session, fault: Fault) -> Session:
        acts = Behaviour.CUT_AFTER if fault.lost else Behaviour.OUTCOME_UNKNOWN
        store.plan(f"{account}@acts", acts)
        store.plan(account, *[behaviour or Behaviour.WELL] * fault.at, acts)
        return replace(session)

    return Stage(
        name=name,
        key="sandbox",
        sign_in=SignIn(kind="name", fields={"name": account, "behaviour": behaviour}),
        http=RecordedHttp,
        standing=standing,
        faulty=faulty,
        said_by_other=said,
        speak=speak,
        unsay=unsay,
        acted=acted,
        powerless=powerless,
        ear="talk",
        own_ear="talk",
        known=people()[0]["handle"],
        impossible={"failures": _NO_HTTP},
    )


STAGES = (
    lambda: _stage("remembers keys"),
    lambda: _stage("forgetful of keys", Behaviour.FORGETFUL),
)
