"""The twelve animals of the years (干支) as Japan counts them: one for each of the calendar."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ZodiacAnimal:
    """The animal of a year."""

    #: Its name in the texts (`zodiac.<id>`).
    id: str
    #: The sign it is written with, in this use alone.
    kanji: str
    emoji: str


ANIMALS = tuple(
    ZodiacAnimal(*each)
    for each in (
        ("rat", "子", "🐀"),
        ("ox", "丑", "🐂"),
        ("tiger", "寅", "🐅"),
        ("rabbit", "卯", "🐇"),
        ("dragon", "辰", "🐉"),
        ("snake", "巳", "🐍"),
        ("horse", "午", "🐎"),
        ("sheep", "未", "🐑"),
        ("monkey", "申", "🐒"),
        ("rooster", "酉", "🐓"),
        ("dog", "戌", "🐕"),
        ("boar", "亥", "🐗"),
    )
)
#: A year of the rat.
_FIRST = 2020


def animal_of(year: int) -> ZodiacAnimal:
    """The animal of that year."""
    return ANIMALS[(year - _FIRST) % len(ANIMALS)]
