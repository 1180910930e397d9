"""The first of two looks at what a network says: a sighting is matched, and only what matched is made whole.

On the path: a connector's page → here → intake's `match`. One way for every network: a connector that
does not know how to look quickly (`contract.Sights`) is asked for the whole item at once.
"""

from functools import partial
from typing import Any

from palabre.kit.memory import growing
from palabre.networks.contract import Collects, RemoteItem, Sighting, Sights, Streams, Watch


def sight(connector: Collects | Streams, raw: Any, watch: Watch) -> Sighting | None:
    """The sighting of one raw answer; pure, None for what is not something said."""
    if isinstance(connector, Sights):
        return connector.sight(raw, watch)
    item = connector.normalise(raw, watch)
    return None if item is None else sighting_of(item)


def sight_all(connector: Collects | Streams, raw: tuple[Any, ...], watch: Watch) -> list[Sighting]:
    """The sightings of a page, in its order."""
    look = connector.sight if isinstance(connector, Sights) else partial(sight, connector)
    with growing():
        return [seen for one in raw if (seen := look(one, watch)) is not None]


def sighting_of(item: RemoteItem) -> Sighting:
    """What matching reads of a whole item."""
    author = item.author
    return Sighting(
        title=item.title,
        text=item.text,
        author=" ".join(filter(None, (author.handle, author.name))) if author else "",
        url=item.url,
        language=item.language or "",
        country=item.country or "",
        deleted=item.deleted,
        whole=lambda: item,
    )
