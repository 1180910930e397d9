"""A page that is only learnt at the first look: what is added later comes out, and only that."""

from palabre.networks.contract import Watch
from palabre.networks.errors import Rejected
from tests.contract.scene import Reply, Request, Scenes, Unlike, Walk

URL = "https://example.org/actualites"

PARAGRAPHS = (
    "La médiathèque ouvre désormais ses portes le dimanche matin, de dix heures à midi.",
    "Les travaux de la rue des Tilleuls commencent lundi et dureront trois semaines.",
    "Le conseil municipal a voté le budget du parc, que les habitants demandaient depuis longtemps.",
)


def page(*paragraphs: str) -> str:
    """A page of news."""
    said = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<html lang="fr"><head><title>Actualités</title></head><body><article>{said}</article></body></html>'
    )


def answers(request: Request) -> Reply:
    """The page, whatever is asked."""
    return Reply(body=page(*PARAGRAPHS), headers={"Content-Type": "text/html"})


SCENES = Scenes(
    key="webpage",
    walks=(
        Walk(
            name="page",
            watch=Watch(kind="page", target=URL),
            ids=(),
            answers=answers,
            unlike={
                "truncated": Unlike(error=None, reason="any text is a page that can be watched"),
                "other_shape": Unlike(error=None, reason="any text is a page that can be watched"),
                "html": Unlike(error=Rejected, reason="a page without any text says so at the source's line"),
                "empty": Unlike(error=Rejected, reason="an empty page says so at the source's line"),
            },
        ),
    ),
    raw=(
        (
            {
                "url": URL,
                "title": "Actualités",
                "text": PARAGRAPHS[0],
                "language": "fr",
                "seen": "2026-11-23T10:00:00+00:00",
            },
            Watch(kind="page", target=URL),
        ),
    ),
)
