"""Who may change whom in a team: pure decisions, asked by the pages before and by the writes again."""

from collections.abc import Iterable

from palabre.agency.roles import EVERYWHERE, IN_A_BRAND, RIGHTS, Right, Role


def stronger(one: str, other: str | None) -> str:
    """Of two roles of the same person, the one that may more."""
    if other is None:
        return one
    return one if len(RIGHTS[one]) >= len(RIGHTS[other]) else other


def can_give(actor: str) -> tuple[Role, ...]:
    """The roles somebody may give: only an owner makes an owner; who does not administer gives none."""
    if Right.OWN in RIGHTS[actor]:
        return (*EVERYWHERE, Role.GUEST)
    if Right.ADMINISTER in RIGHTS[actor]:
        return (Role.MANAGER, Role.MEMBER, Role.READER, Role.GUEST)
    return ()


def can_change(actor: str, target: str) -> bool:
    """Whether somebody may change or remove a member of that role."""
    return target in can_give(actor)


def is_last_owner(role: str, roles: Iterable[str]) -> bool:
    """Whether this owner is the only one among the members' roles, their own included."""
    return role == Role.OWNER and sum(other == Role.OWNER for other in roles) == 1


def is_grant(role: str) -> bool:
    """Whether the role can be given for one brand."""
    return role in IN_A_BRAND
