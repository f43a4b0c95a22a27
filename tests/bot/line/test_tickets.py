"""Tickets side by side: LINE takes them whatever they say."""

import json

import pytest

from bot.line.messages import UriAction
from bot.line.tickets import TICKETS_MAX, tickets_message
from bot.line.views import Button, Ticket, TicketsMessage
from tests.bot.line.strict import assert_line_accepts, texts

LONG = "ポイント" * 75
USE = UriAction("使う" * 20, "https://example.com/" + "a" * 380)


def test_twelve_of_the_longest_fit_and_keep_what_matters() -> None:
    ticket = Ticket(
        state=LONG,
        title=LONG,
        body=LONG,
        figure=LONG[:30],
        progress=0.5,
        lines=(LONG,) * 6,
        button=Button(USE),
        tone="full",
    )
    message = tickets_message(TicketsMessage(title="特典", tickets=(ticket,) * TICKETS_MAX))
    assert_line_accepts([message])
    bubbles = message["contents"]["contents"]
    assert len(bubbles) == TICKETS_MAX
    for bubble in bubbles:
        assert bubble["footer"]["contents"][0]["action"]["uri"] == USE.uri
        assert any(text.startswith("ポイント") for text in texts(bubble["body"]))
    assert len(json.dumps(message["contents"])) < 50_000


@pytest.mark.parametrize("count", [0, TICKETS_MAX + 1])
def test_none_and_more_than_line_shows_are_refused(count: int) -> None:
    ticket = Ticket(state="お手元の特典", title="ラテ")
    with pytest.raises(ValueError, match="1 to 12"):
        tickets_message(TicketsMessage(title="特典", tickets=(ticket,) * count))


def test_a_line_of_a_sentence_is_said_to_its_end() -> None:
    line = "Given so far: ¥1,234,550 (24,691 times), for the children's kitchen."
    ticket = Ticket(state="", title="50", lines=(line,))
    message = tickets_message(TicketsMessage(title="Rewards", tickets=(ticket,)))
    assert line in texts(message["contents"])
