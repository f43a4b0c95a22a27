"""Names, notes and sentences may be anything: LINE accepts the message all the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.line.messages import (
    Banner,
    Button,
    CardMessage,
    ListMessage,
    MessagePicture,
    NoticeMessage,
    PostbackAction,
    Row,
    card_message,
    list_message,
    notice_message,
)
from bot.line.views import IconLine, Role, StampRow
from tests.bot.line.strict import assert_line_accepts
from tests.chance import examples

BRONZE = Banner("#A0694B", "#D9A27E", "#FFFFFF")
FAMILY = "👨‍👩‍👧‍👦"

any_text = st.text(st.characters(), max_size=60) | st.sampled_from(
    ["", "　", "\x00", "\ud83d", "長" * 3_000, FAMILY * 300, "a" * 9_999, "\u202eさくら"]
)
any_action = st.builds(
    PostbackAction, st.text(st.characters(), max_size=60).map("押".__add__), st.just("x"), any_text
)
any_row = st.builds(
    Row,
    left=any_text,
    right=any_text,
    note=any_text,
    progress=st.none() | st.floats(-1, 2),
    action=st.none() | any_action,
    muted=st.booleans(),
)
any_rows = st.lists(any_row, max_size=25).map(tuple)
any_role: st.SearchStrategy[Role] = st.sampled_from(["primary", "secondary", "link", "danger"])
any_buttons = st.lists(st.builds(Button, any_action, any_role), max_size=4).map(tuple)


@settings(max_examples=examples(40), deadline=None)
@given(
    st.builds(
        CardMessage,
        picture=st.just(MessagePicture("https://example.com/c.png", "3:2")),
        stamps=st.builds(
            StampRow, any_text, any_text, filled=st.integers(0, 99), places=st.integers(0, 99)
        ),
        lines=st.lists(st.builds(IconLine, st.just("🔥"), any_text, any_text), max_size=4).map(
            tuple
        ),
        buttons=any_buttons,
        alt_text=any_text,
    )
)
def test_line_accepts_a_card_of_any_strings(view: CardMessage) -> None:
    assert_line_accepts([card_message(view)])


@settings(max_examples=examples(40), deadline=None)
@given(
    st.builds(
        ListMessage,
        title=any_text,
        subtitle=any_text,
        big=any_text,
        big_caption=any_text,
        rows=any_rows,
        empty=any_text,
        more=any_text,
        hint=any_text,
        buttons=any_buttons,
        alt_text=any_text,
    )
)
def test_line_accepts_a_list_of_any_strings(view: ListMessage) -> None:
    assert_line_accepts([list_message(view)])


@settings(max_examples=examples(40), deadline=None)
@given(
    st.builds(
        NoticeMessage,
        title=any_text,
        body=any_text,
        banner=st.none() | st.just(BRONZE),
        big=any_text,
        big_caption=any_text,
        celebrations=st.lists(any_text, max_size=12).map(tuple),
        rows=any_rows,
        next_step=any_text,
        progress=st.none() | st.floats(-1, 2),
        progress_caption=any_text,
        note=any_text,
        buttons=any_buttons,
        alt_text=any_text,
    )
)
def test_line_accepts_a_notice_of_any_strings(view: NoticeMessage) -> None:
    assert_line_accepts([notice_message(view)])
