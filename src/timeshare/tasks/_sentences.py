"""Small grammars of sentences about days and weather, in which phrases move."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.random import Generator

Phrase = tuple[str, ...]


def _phrases(*texts: str) -> tuple[Phrase, ...]:
    return tuple(tuple(text.split()) for text in texts)


@dataclass(frozen=True)
class Language:
    """The phrases of a language.

    Arguments:
        days: phrases that name a day; in all of them the last word is the day.
        weathers: phrases that name the weather; in all of them the last word is the weather.
        others: phrases that say neither, of one word and more.
    """

    days: tuple[Phrase, ...]
    weathers: tuple[Phrase, ...]
    others: tuple[Phrase, ...]

    @property
    def day_names(self) -> tuple[str, ...]:
        """The days."""
        return tuple(phrase[-1] for phrase in self.days)

    @property
    def weather_names(self) -> tuple[str, ...]:
        """The weathers."""
        return tuple(phrase[-1] for phrase in self.weathers)

    @property
    def words(self) -> tuple[str, ...]:
        """All words; some occur twice."""
        return tuple(
            word for part in (self.days, self.weathers, self.others) for p in part for word in p
        )

    @property
    def shortest(self) -> int:
        """Words of the shortest sentence."""
        return len(self.days[0]) + len(self.weathers[0])

    def sentences(self, length: int) -> float:
        """How many sentences of this many words there are for one order of the two phrases."""
        room = length - self.shortest
        if room < 0:
            return 0.0
        pairs = len(self.days) * len(self.weathers)
        return pairs * sum(
            ways * (number + 1) * (number + 2) / 2
            for number, ways in enumerate(_fillings(self.others, room))
        )

    def sentence(
        self, day: int, weather: int, weather_first: bool, length: int, rng: Generator
    ) -> list[str]:
        """A sentence of exactly `length` words; the two phrases stand anywhere, in the order."""
        others: list[Phrase] = []
        room = length - self.shortest
        while room:
            fitting = [p for p in self.others if len(p) <= room and p not in others[-1:]]
            others.append(fitting[rng.integers(len(fitting))])
            room -= len(others[-1])
        first, second = sorted(rng.choice(len(others) + 2, 2, replace=False).tolist())
        informative = [self.days[day], self.weathers[weather]]
        if weather_first:
            informative.reverse()
        phrases = others
        phrases.insert(first, informative[0])
        phrases.insert(second, informative[1])
        return [word for phrase in phrases for word in phrase]


@cache
def _fillings(others: tuple[Phrase, ...], room: int) -> tuple[float, ...]:
    """In how many ways 0, 1, 2, ... of the other phrases, none twice in a row, fill the room."""
    if room == 0:
        return (1.0,)
    # Ways by words used and by the last phrase; at first a phrase that is none of them.
    ways = np.zeros((room + 1, len(others) + 1))
    ways[0, -1] = 1
    found = [0.0]
    for _ in range(room):
        longer = np.zeros_like(ways)
        for place, phrase in enumerate(others):
            before = ways.sum(axis=1) - ways[:, place]
            longer[len(phrase) :, place] = before[: room + 1 - len(phrase)]
        ways = longer
        found.append(float(ways[room].sum()))
    return tuple(found)


ENGLISH = Language(
    days=_phrases(
        "on monday",
        "on tuesday",
        "on wednesday",
        "on thursday",
        "on friday",
        "on saturday",
        "on sunday",
    ),
    weathers=_phrases("it was snowing", "it was raining", "it was hailing", "it was thundering"),
    others=_phrases(
        "again",
        "outside",
        "apparently",
        "all morning",
        "as usual",
        "in the village",
        "near the river",
    ),
)

SPANISH = Language(
    days=_phrases(
        "el lunes",
        "el martes",
        "el miércoles",
        "el jueves",
        "el viernes",
        "el sábado",
        "el domingo",
    ),
    weathers=_phrases("estaba nevando", "estaba lloviendo", "estaba granizando", "estaba tronando"),
    others=_phrases(
        "afuera",
        "todavía",
        "aparentemente",
        "otra vez",
        "sin parar",
        "en el pueblo",
        "cerca del río",
    ),
)
