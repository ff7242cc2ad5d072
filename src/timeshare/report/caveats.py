"""What weakens a result, in a sentence: unfinished training, and settings at an edge."""

from timeshare.analysis.flags import Flags
from timeshare.report import wording

MOST_NETWORKS = 3
"""Networks that a sentence lists of those with a setting at an edge."""


def caveat(flags: Flags, several: bool = False) -> str:
    """What a reader should know of the networks behind a result; empty where there is nothing.

    Arguments:
        flags: of these networks.
        several: whether they are those behind one of several effects, the one with the largest
            share of unfinished networks.
    """
    return " ".join(filter(None, (_unfinished(flags, several), _edges(flags.edges))))


def _unfinished(flags: Flags, several: bool) -> str:
    if not flags.unfinished:
        return ""
    behind = "one of these effects" if several else "it"
    return (
        f"{flags.unfinished:,} of the {flags.networks:,} networks behind {behind} had not finished "
        "training at the most updates allowed."
    )


def _edges(edges: tuple[str, ...]) -> str:
    """The settings at an edge, by the hyperparameter that they have in common."""
    if not edges:
        return ""
    networks: dict[str, list[str]] = {}
    for edge in edges:
        name, _, network = edge.partition(" of the ")
        networks.setdefault(name, []).append(network)
    said = []
    for name, found in networks.items():
        few = found[:MOST_NETWORKS]
        more = [f"{len(found) - len(few)} more"] if len(found) > len(few) else []
        said.append(f"{name} of the {wording.listed([*few, *more])}")
    return f"Chosen at the edge of the values tried: {'; '.join(said)}."
