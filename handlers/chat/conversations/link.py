"""A card brought onto this account by its code: a paper card, a child's, or one a family shares."""

from bot.line.messages import Button, PostbackAction, Row
from bot.store.members import members
from bot.store.members.link_codes import LinkCode
from bot.store.members.members import Member
from handlers.actions.members import one_time_codes
from handlers.actions.members.link import add_card, look_up, merge_card
from handlers.actions.members.merge import MergePreview, preview
from rules.base import Refusal

from .. import parts, postbacks
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from .cards import card_label, choose


@conversation("link", for_leavers=True)
def link(turn: Turn, params: Params) -> Answer:
    """「カード連携 XXX-XXX-XXX」, sent by who scanned a card's code. What it means is asked first;
    `how` is the answer: `add` beside the own card, `merge` into one."""
    code = params.get("code", "")
    if not one_time_codes.may_try(turn.uow, turn.member.id, turn.day):
        return _no(turn, "code_tries")
    link_code = look_up(turn.work, code, own_id=turn.member.id)
    if isinstance(link_code, Refusal):
        if link_code.code == "link_unknown":
            one_time_codes.note_wrong(turn.work, turn.member.id, turn.day)
        return _no(turn, link_code.code)
    match params.get("how"):
        case "add" if link_code.purpose == "link":
            return _add(turn, code)
        case "merge":
            return _merge(turn, code)
        case _:
            return _ask(turn, link_code)


def _no(turn: Turn, code: str) -> Answer:
    return parts.answer_of(parts.text(turn, parts.refusal(turn, code), then=("card", "points")))


def _ask(turn: Turn, code: LinkCode) -> Answer:
    """Shows both cards, and what would come of putting them together."""
    other = members.get(turn.uow, code.member_id)
    if other is None:
        return _no(turn, "link_unknown")
    keep, given = (turn.member, other) if code.purpose == "link" else (other, turn.member)
    seen = preview(turn.work, keep.id, given.id)
    may_merge = isinstance(seen, MergePreview)
    buttons = (
        *((_button(turn, "link_add", code, "add"),) if code.purpose == "link" else ()),
        *((_button(turn, f"link_merge_{code.purpose}", code, "merge"),) if may_merge else ()),
    )
    question = parts.notice(
        turn,
        title=turn.say(f"link.title_{code.purpose}"),
        body=turn.say(f"link.ask_{code.purpose}"),
        rows=(
            _row(turn, turn.say("link.this_card"), turn.member),
            _row(turn, card_label(turn, other), other),
            *(_after(turn, seen) if isinstance(seen, MergePreview) else ()),
        ),
        note=turn.say("link.nothing_lost"),
        buttons=(*(Button(each, "secondary") for each in buttons), parts.cancel(turn)),
    )
    return parts.answer_of(question)


def _row(turn: Turn, left: str, member: Member) -> Row:
    visits = turn.say("link.visits", count=member.facts.visits)
    return Row(left=left, right=turn.amount(member.facts.balance), note=visits)


def _after(turn: Turn, seen: MergePreview) -> tuple[Row, ...]:
    visits = turn.say("link.visits", count=seen.after.visits)
    return (Row(left=turn.say("link.after"), right=turn.amount(seen.after.balance), note=visits),)


def _button(turn: Turn, label: str, code: LinkCode, how: str) -> PostbackAction:
    words = turn.say(f"button.{label}")
    return PostbackAction(words, postbacks.data("link", code=code.code, how=how), words)


def _add(turn: Turn, code: str) -> Answer:
    outcome = add_card(turn.under("link"), turn.account.user_id, code)
    if outcome.refused:
        return _no(turn, outcome.refused)
    added = members.get(turn.uow, outcome.member_id) if outcome.member_id else None
    if added is None:
        raise LookupError("a card that was linked is gone")
    done = parts.notice(
        turn,
        title=turn.say("link.added_title"),
        body=turn.say("link.added", name=card_label(turn, added)),
        buttons=(Button(choose(turn, added)),),
        then=("card", "cards"),
    )
    return parts.answer_of(done, must_reach=True)


def _merge(turn: Turn, code: str) -> Answer:
    outcome = merge_card(turn.under("link"), turn.account.user_id, turn.member.id, code)
    if outcome.refused:
        return _no(turn, outcome.refused)
    keeper = members.get(turn.uow, outcome.member_id)
    if keeper is None:
        raise LookupError("a card that was merged into is gone")
    turn = turn.about(keeper)
    done = parts.notice(
        turn,
        title=turn.say("link.merged_title"),
        body=turn.say("link.merged"),
        big=f"{outcome.balance:,}",
        big_caption=turn.say("total", total=turn.amount(outcome.balance)),
        then=("card", "points", "rank"),
    )
    return parts.answer_of(done, must_reach=True)


def at_the_door(turn: Turn, added: Member) -> Answer:
    """Somebody without a card has linked one with their very first message."""
    name = card_label(turn, added)
    done = parts.notice(
        turn,
        title=turn.say("link.added_title"),
        body=turn.say("link.first", name=name),
        then=("card", "points", "rewards", "help"),
    )
    return parts.answer_of(done, must_reach=True)
