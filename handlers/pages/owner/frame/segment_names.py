"""What the owner calls their segments, read once somebody asks: most pages name none."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from bot.store.messages import segments
from rules.programme.programme import Programme
from rules.wording.words import Words

from ...current import current_club, current_programme
from ...staff.frame.access import language


class SegmentNames(Mapping[str, str]):
    """The name of each segment, by what the programme calls it."""

    @cached_property
    def _names(self) -> dict[str, str]:
        with current_club().store.read() as uow:
            return segments.names_by_slug(uow)

    def __getitem__(self, slug: str) -> str:
        return self._names[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def owner_words(programme: Programme | None = None) -> Words:
    """The words of a page that members don't read, about a programme or the one in force: segments
    have their names in them."""
    return Words(programme or current_programme(), language(), SegmentNames())
