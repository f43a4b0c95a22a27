"""How a message gets to a member."""

from bot.store.finding.audience import Listener
from rules.journeys.journey import Journey
from rules.journeys.parts import Channel


def way_to(listener: Listener, journey: Journey, *, sms: bool) -> Channel | None:
    """The first of the journey's channels that reaches the member; None for none. `sms`: this club
    can send some. An SMS costs more and says less: only to whom LINE can't reach."""
    for channel in journey.channels:
        if channel == "line" and listener.on_line:
            return "line"
        if channel == "sms" and not listener.on_line and listener.phone and sms:
            return "sms"
    return None
