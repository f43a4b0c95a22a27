"""「電話・DMは不要」: whether the shop may call, or write by post. Their word counts at once."""

from collections.abc import Sequence
from typing import get_args

from bot.line.messages import Row
from bot.store.heard import contacts
from bot.store.members import mergers
from handlers.actions.heard.refusing import WayChoice, choose_way
from rules.heard.cases import Way

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params

#: What is said no to by `to`: one way, or all of them.
_SAID: dict[str, tuple[Way, ...]] = {"phone": ("phone",), "mail": ("mail",), "none": get_args(Way)}


@conversation("ways", for_leavers=True, of_owner=True)
def ways(turn: Turn, params: Params) -> Answer:
    """The list; with `to` (phone, mail or none) after those are refused; with `way` and `on` (1 or
    0) after that change."""
    way = next((known for known in get_args(Way) if known == params.get("way")), None)
    wanted = {"1": True, "0": False}.get(params.get("on", ""))
    if no := _SAID.get(params.get("to", "")):
        return _chosen(turn, no, wanted=False)
    if way is None or wanted is None:
        return _list(turn)
    return _chosen(turn, (way,), wanted=wanted)


def _chosen(turn: Turn, chosen: Sequence[Way], *, wanted: bool) -> Answer:
    for way in chosen:
        choose_way(turn.under(f"way:{way}"), turn.member.id, WayChoice(way, wanted, turn.at))
    return _list(turn, turn.say("ways.on_now") if wanted else turn.say("ways.off_now"))


def _list(turn: Turn, said: str = "") -> Answer:
    ids = mergers.with_absorbed(turn.uow, turn.member.id)
    refused = contacts.ways_refused(turn.uow, ids)
    message = parts.listing(
        turn,
        title=turn.say("ways.title"),
        subtitle=said,
        rows=tuple(_row(turn, way, refused=way in refused) for way in get_args(Way)),
        hint=turn.say("ways.hint"),
        then=("topics", "my_data", "card"),
    )
    return parts.answer_of(message)


def _row(turn: Turn, way: Way, *, refused: bool) -> Row:
    return Row(
        left=turn.say(f"ways.name.{way}"),
        right=turn.say("ways.off") if refused else turn.say("ways.on"),
        action=parts.button(
            turn, "receive" if refused else "stop", "ways", way=way, on=int(refused)
        ),
        muted=refused,
    )
