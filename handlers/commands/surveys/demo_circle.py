"""The demo's inner circle: some are in it, and vote on what comes next."""

import io
from datetime import timedelta
from typing import Any

from PIL import Image, ImageDraw

from bot.store.finding import due_members
from bot.store.members import members
from handlers.actions.events.circle import SeatAnswer, answer_seat, invite_to_circle
from handlers.actions.events.taking_part import PartWish, take_sample, vote
from handlers.actions.events.trials import make_trial, step_trial
from handlers.actions.programme.art import add_art
from handlers.actions.recording.work import Work
from handlers.club import Club
from rules.events.circle import brings_seat
from rules.events.trial import CircleTrial

from ..demo import desk_of

_TRIAL: dict[str, Any] = {
    "title": {"ja": "冬のブレンドを決めよう", "en": "Choose our winter blend"},
    "about": {
        "ja": "この冬にお出しするブレンドを、三つの候補からいっしょに決めます。",
        "en": "Three candidates for this winter's blend. Help us choose.",
    },
    "question": {"ja": "どのブレンドがお好きですか？", "en": "Which do you like best?"},
    "choices": [
        {"id": "a", "name": {"ja": "A やわらかな甘み", "en": "A · soft and sweet"}},
        {"id": "b", "name": {"ja": "B チョコのような深み", "en": "B · deep, like chocolate"}},
        {"id": "c", "name": {"ja": "C 花のような香り", "en": "C · scented like flowers"}},
    ],
    "reward": "trial_blend",
    "samples": 30,
}
#: A cup of each from above: the table, the coffee, and its foam.
_CUPS = (
    ("#D9C3A5", "#8A5A34", "#B98A5C"),
    ("#B9A08A", "#2E1B12", "#5A3826"),
    ("#C9D1C2", "#6B3B22", "#C98F6B"),
)
_SIDE = 640
#: Besides who holds the rank, the shop asked one in so many.
_ASKED_EVERY = 7
#: One in so many of the circle takes a sample.
_SAMPLE_EVERY = 3
#: How they vote, in turn.
_VOTES = "bbacbbab"


def gather_circle(club: Club) -> None:
    """Who holds the rank is in, and who was asked; the vote goes on for some days yet."""
    if club.timeline().latest.programme.circle is None:
        return
    with club.work() as work:
        owner = work.acting(desk_of(work.uow, work.programme))
        looks = [add_art(owner, _cup(*colours), "cup.png") for colours in _CUPS]
        both = zip(_TRIAL["choices"], looks, strict=True)
        choices = [choice | {"picture": look} for choice, look in both]
        ends = work.now + timedelta(days=9)
        trial = CircleTrial.model_validate(_TRIAL | {"choices": choices, "ends_at": ends})
        trial_id = make_trial(owner, trial)
        step_trial(owner, trial_id, 1, "open")
    inside = 0
    for n, member_id in enumerate(due_members.everyone(club.store)):
        with club.work() as work:
            if _joins(work, member_id, asked=n % _ASKED_EVERY == 0):
                _takes_part(work, PartWish(member_id, trial_id, "chat"), inside)
                inside += 1


def _cup(table: str, coffee: str, foam: str) -> bytes:
    """A drawing of a cup as a PNG, drawn large so that its edges are smooth when it is small."""
    image = Image.new("RGB", (2 * _SIDE, 2 * _SIDE), table)
    draw = ImageDraw.Draw(image)
    rings = ((0.44, "#FFFFFF"), (0.36, "#EFE9E2"), (0.32, "#FFFFFF"), (0.275, foam), (0.25, coffee))
    for share, colour in rings:
        reach = 2 * _SIDE * share
        draw.ellipse([_SIDE - reach, _SIDE - reach, _SIDE + reach, _SIDE + reach], colour)
    draw.arc([_SIDE * 0.62, _SIDE * 0.62, _SIDE * 1.3, _SIDE * 1.3], 190, 250, foam, 18)
    out = io.BytesIO()
    image.resize((_SIDE, _SIDE)).save(out, "PNG")
    return out.getvalue()


def _joins(work: Work, member_id: int, *, asked: bool) -> bool:
    member = members.get(work.uow, member_id)
    if member is None:
        return False
    holds = brings_seat(work.programme, work.settled(member).rank.id)
    if not holds and asked:
        desk = work.acting(desk_of(work.uow, work.programme))
        invite_to_circle(desk.under(f"demo:asked:{member_id}"), member_id)
    mine = work.acting("member").under(f"demo:circle:{member_id}")
    return answer_seat(mine, SeatAnswer(member_id, True, "chat")).done


def _takes_part(work: Work, wish: PartWish, n: int) -> None:
    def mine(what: str) -> Work:
        return work.acting("member").under(f"demo:{what}:{wish.member_id}")

    ballot = PartWish(wish.member_id, wish.trial_id, "chat", _VOTES[n % len(_VOTES)])
    if n % 4:
        vote(mine("vote"), ballot)
    if n % _SAMPLE_EVERY == 0:
        take_sample(mine("sample"), wish)
