"""A journey's versions under test as an owner knows them: by how they begin."""

from collections.abc import Mapping

from rules.editing.sample import sample_of_arm
from rules.journeys.journey import Journey
from rules.journeys.words import arms_of
from rules.wording.words import Words

#: So many characters of a message tell it from another.
_BEGINNING = 32


def version_names(words: Words, journey: Journey) -> Mapping[str, str]:
    """By its id, how each begins; none where there is one, or where what they say doesn't tell them
    apart."""
    name = words.say("owner.look.name")
    messages = {arm.id: sample_of_arm(words, journey, arm.id, name) for arm in arms_of(journey)}
    by_title = {arm: _beginning(told.title) for arm, told in messages.items()}
    by_body = {arm: _beginning(told.body) for arm, told in messages.items()}
    for told in (by_title, by_body):
        if len(told) > 1 and len(set(told.values())) == len(told):
            return {arm: words.say("owner.results.called", arm=arm, begins=text)
                    for arm, text in told.items()}  # fmt: skip
    return {}


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _BEGINNING else f"{line[:_BEGINNING]}…"
