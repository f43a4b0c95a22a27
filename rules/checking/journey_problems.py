"""What is wrong with a programme's journeys: names of things not there, words nobody can fill; and
with texts in the shop's own words: those that can't be said otherwise, and what doesn't fit."""

from collections.abc import Iterator

from ..base import LANGS, LocalText
from ..journeys.journey import Journey
from ..journeys.parts import Arm, JourneyOffer, JourneyStep, RankText
from ..journeys.programme import DEFAULTS, WholeProgramme
from ..journeys.words import names_in, offer_of, placeholders, steps_of
from ..own_texts import OwnText
from ..programme.programme import Programme
from ..wording.own.fitting import FORMS, misfit, unknown
from .caution import Problem
from .schema_errors import listed, part_path

#: Ends that a name already brings: さくらさんさん is what nobody wants to be called.
_GREETINGS = ("さん", "サン", "様", "さま", "ちゃん", "くん", "君")


def journey_problems(programme: WholeProgramme) -> Iterator[Problem]:
    """Everything that makes a journey impossible. Our own five have none of it."""
    if programme.journeys is DEFAULTS:
        return
    for place, journey in enumerate(programme.journeys):
        path = part_path("journeys", place, journey.id)
        if section := journey.lacks(programme):
            yield Problem(f"{path} .kind", "needs_section", {"section": section})
        yield from _unknown(programme, journey, path)
        yield from _words(journey, path)


def _unknown(programme: WholeProgramme, journey: Journey, path: str) -> Iterator[Problem]:
    ranks = [rank.id for rank in programme.ranks.steps] if programme.ranks else []
    named = [(f"{path} .ranks", journey.ranks)]
    named += [(f"{path} .by_rank[{n}].ranks", text.ranks) for n, text in enumerate(journey.by_rank)]
    named += [(f"{path} .arms[{n}].ranks", arm.ranks) for n, arm in enumerate(journey.arms)]
    for where, wanted in named:
        for rank in wanted:
            if rank not in ranks:
                yield Problem(where, "no_rank", {"id": rank, "there": listed(ranks)})
    to_tell = [campaign.id for campaign in journey.may_tell_of(programme)]
    if journey.tells_of and journey.tells_of not in to_tell:
        values = {"id": journey.tells_of, "there": listed(to_tell)}
        yield Problem(f"{path} .campaign", f"no_campaign_{journey.kind}", values)
    for where, offer in offers_in(journey, path):
        reward = programme.reward(offer.reward or "")
        if offer.reward and reward is None:
            values = {"id": offer.reward, "there": listed(r.id for r in programme.rewards)}
            yield Problem(f"{where}.reward", "no_reward", values)
        if reward and reward.given is None:
            yield Problem(f"{where}.reward", "never_promised", {"id": reward.id})


def offers_in(journey: Journey, path: str) -> Iterator[tuple[str, JourneyOffer]]:
    """Every offer the programme names in it, and where it stands."""
    parts = [(f"{path} .offer", journey.offer)]
    parts += [(f"{path} .arms[{n}].offer", arm.offer) for n, arm in enumerate(journey.arms)]
    parts += [(f"{path} .steps[{n}].offer", s.offer) for n, s in enumerate(journey.own_steps)]
    yield from ((where, offer) for where, offer in parts if offer)


def _words(journey: Journey, path: str) -> Iterator[Problem]:
    for where, text, offer in texts_in(journey, path):
        allowed = placeholders(journey, offer)
        for lang in LANGS:
            yield from _faults(f"{where}.{lang}", getattr(text, lang), allowed)


def texts_in(journey: Journey, path: str) -> Iterator[tuple[str, LocalText, JourneyOffer | None]]:
    """Every text of the shop's own, where it stands, and an offer if it always comes with one."""
    always = _always_offered(journey)
    steps = enumerate(journey.own_steps)
    sources: tuple[tuple[str, Journey | RankText | Arm | JourneyStep, JourneyOffer | None], ...] = (
        (f"{path} ", journey, always),
        *((f"{path} .by_rank[{n}]", text, always) for n, text in enumerate(journey.by_rank)),
        *((f"{path} .arms[{n}]", arm, arm.offer or always) for n, arm in enumerate(journey.arms)),
        *((f"{path} .steps[{n}]", step, step.offer or always) for n, step in steps),
    )
    for where, source, offer in sources:
        if source.title:
            yield f"{where}.title", source.title, offer
        if source.body:
            yield f"{where}.body", source.body, offer


def _always_offered(journey: Journey) -> JourneyOffer | None:
    """An offer, if every arm makes one at every step."""
    arms = [arm.id for arm in journey.arms] or ["a"]
    offers = [offer_of(journey, arm, step) for arm in arms for step in range(steps_of(journey))]
    return offers[0] if all(offers) else None


def _faults(where: str, text: str, allowed: tuple[str, ...]) -> Iterator[Problem]:
    """The first thing that is wrong with a text, if anything is."""
    try:
        names = list(names_in(text))
    except ValueError:
        yield Problem(where, "braces")
        return
    unknown = next((name for name in names if name not in allowed), None)
    greeting = next((each for each in _GREETINGS if f"{{name}}{each}" in text), None)
    if unknown:
        values = {"name": f"{{{unknown}}}", "allowed": ", ".join(allowed)}
        yield Problem(where, "placeholder", values)
    elif greeting:
        yield Problem(where, "greeting", {"greeting": greeting})


def own_word_problems(programme: Programme) -> tuple[Problem, ...]:
    """Everything wrong with the shop's own words, in the order of the file."""
    return tuple(
        problem
        for place, own in enumerate(programme.words)
        for problem in _own_problems(place, own)
    )


def _own_problems(place: int, own: OwnText) -> Iterator[Problem]:
    if (no := unknown(own.id)) is not None:
        yield Problem(part_path("words", place, own.id, "id"), no.code, no.values)
        return
    said = [
        (f"{lang}_{form}" if form else lang, lang, form, text)
        for lang in LANGS
        for form, text in zip(FORMS, own.forms(lang), strict=True)
        if text
    ]
    if not said:
        yield Problem(part_path("words", place, own.id, "ja"), "word_nothing")
    for field, lang, form, text in said:
        if (no := misfit(lang, own.id, form, text)) is not None:
            yield Problem(part_path("words", place, own.id, field), no.code, no.values)
