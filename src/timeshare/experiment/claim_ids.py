"""The ids of claims, from the names of their files; no claim is imported."""

from collections.abc import Iterable

from timeshare import registry

GROUP = "claims"
"""The registry group of the claims."""


def claim_id(name: str) -> str:
    """The id of a claim.

    Arguments:
        name: its registered name, such as `c5-overfitting`, whose first word is the id in lower
            case; or its import path, whose class name is the id.
    """
    return name.rpartition(":")[2] if ":" in name else name.partition("-")[0].upper()


def claim_names(further: Iterable[str] = ()) -> dict[str, str]:
    """Registered names and import paths of all claims by id, in the order of their numbers.

    Arguments:
        further: import paths of claims outside the package, which come last.
    """
    built_in = {claim_id(name): name for name in registry.names(GROUP)}
    ordered = {each: built_in[each] for each in in_order(built_in)}
    return ordered | {claim_id(name): name for name in further}


def claim_ids(further: Iterable[str] = ()) -> list[str]:
    """The ids of all claims; arguments as for `claim_names`."""
    return list(claim_names(further))


def in_order(ids: Iterable[str]) -> list[str]:
    """Ids by number, C2 before C10, and after them those of claims outside the package."""
    known = set(ids)
    numbered = {each for each in known if each[1:].isdigit()}
    return sorted(numbered, key=lambda each: int(each[1:])) + sorted(known - numbered)
