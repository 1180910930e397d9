"""The life of a brand: changed, archived, brought back, deleted. Writes only.

`emptying.py` does the deleting; here it is only decided, so that the page answers at once.
"""

from django.db import transaction

from palabre.agency.audit import record
from palabre.agency.models import Brand, Organisation, User
from palabre.agency.states import BRAND
from palabre.kit.states import move


@transaction.atomic
def change_brand(*, brand: Brand, by: User, name: str, website: str, languages: list[str]) -> None:
    """A new name, site or languages; the address word stays, so that links do."""
    before = {"name": brand.name, "website": brand.website, "languages": brand.languages}
    after = {"name": name, "website": website, "languages": languages}
    if before == after:
        return
    Brand.objects.filter(pk=brand.pk).update(**after)
    record(brand=brand, by=by, act="brand.change", subject=name, before=before, after=after)


@transaction.atomic
def archive_brand(*, brand: Brand, by: User) -> None:
    """Stop collecting and telling; all it has stays readable. Raises Moved, ValueError."""
    move(brand, BRAND, to="archived")
    record(brand=brand, by=by, act="brand.archive", subject=brand.name)


@transaction.atomic
def restore_brand(*, brand: Brand, by: User) -> None:
    """Go on from today; what was said meanwhile is collected where its source still has it. Raises Moved."""
    move(brand, BRAND, to="live")
    record(brand=brand, by=by, act="brand.restore", subject=brand.name)


@transaction.atomic
def delete_brand(*, brand: Brand, by: User) -> None:
    """Close a brand for everyone at once; a task then empties it. There is no way back. Raises Moved.

    The log of the organisation keeps one line: that a brand of this name was deleted, when, by whom.
    """
    move(brand, BRAND, to="deleting")
    record(organisation=brand.organisation, by=by, act="brand.delete", subject=brand.name)


@transaction.atomic
def rename_organisation(*, organisation: Organisation, by: User, name: str) -> None:
    """Another name for the organisation."""
    if name == organisation.name:
        return
    record(
        organisation=organisation,
        by=by,
        act="organisation.rename",
        subject=name,
        before=organisation.name,
        after=name,
    )
    organisation.name = name
    organisation.save(update_fields=["name"])
