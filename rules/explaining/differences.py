"""What a new version of the programme changes, in the sentences of `explain`."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..base import Lang
from ..programme.programme import Programme
from .explain import Section, explain


@dataclass(frozen=True, slots=True)
class SectionChange:
    """What was said in one part of the programme and isn't any more, and what is said instead."""

    #: The part's name for people; its key in the file where nothing of it is said in sentences.
    title: str
    gone: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def differences(
    old: Programme, new: Programme, lang: Lang, segment_names: Mapping[str, str] | None = None
) -> tuple[SectionChange, ...]:
    """What `new` changes, by section. Empty when both say the same."""
    said = (explain(each, lang, hidden=True, segment_names=segment_names) for each in (old, new))
    before, after = ({section.name: section for section in each} for each in said)
    told = {name: _told(before.get(name), after.get(name)) for name in {**before, **after}}
    spoken = [change for change in told.values() if change.gone or change.added]
    names = {name for name, change in told.items() if change in spoken}
    return (*spoken, *(SectionChange(f"[{key}]") for key in _changed(old, new) if key not in names))


def _told(before: Section | None, after: Section | None) -> SectionChange:
    section = after or before
    had = before.sentences if before else ()
    has = after.sentences if after else ()
    return SectionChange(section.title if section else "", _without(had, has), _without(has, had))


def _without(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `some` that `others` lack, each as often as it is one more, in their order."""
    left = Counter(others)
    kept = []
    for sentence in some:
        if left[sentence]:
            left[sentence] -= 1
        else:
            kept.append(sentence)
    return tuple(kept)


def _changed(old: Programme, new: Programme) -> Iterator[str]:
    """The file's keys whose contents differ."""
    for key in type(new).model_fields:
        if getattr(old, key, None) != getattr(new, key):
            yield key
