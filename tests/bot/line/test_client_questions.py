"""What the client asks LINE beside sending: profiles, quota, account, menus."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import pytest

from bot.line.client import (
    BotInfo,
    InvalidMessages,
    LineClient,
    LineError,
    LineRejected,
    LineUnavailable,
    Quota,
    RateLimited,
    RichMenu,
    UnitStatistics,
)
from bot.line.messages import (
    PostbackAction,
    RichMenuArea,
    rich_menu,
    text_message,
)
from bot.line.people import UserProfile
from bot.line.sender import (
    Sender,
)
from tests.bot.line.examples import SAKURA
from tests.bot.line.loopback import Answer, Loopback

HELLO = [text_message("こんにちは")]


def asked(client: LineClient, ask: Callable[[Sender, Callable[[Any], None]], None]) -> Any:
    """What a sender was told to one question."""
    told: list[Any] = []
    sender = client.sender()
    ask(sender, told.append)
    sender.stop()
    (said,) = told
    return said


def profile(client: LineClient) -> UserProfile | LineError | None:
    said: UserProfile | LineError | None = asked(
        client, lambda sender, then: sender.profile(SAKURA, then)
    )
    return said


def test_a_profile_is_a_name_and_a_language(line: Loopback, client: LineClient) -> None:
    line.answers = [
        Answer(body={"userId": SAKURA, "displayName": "さくら\u202e🌸 ", "language": "ja"}),
        Answer(body={"userId": SAKURA, "displayName": "Taro"}),
    ]
    assert profile(client) == UserProfile("さくら🌸", "ja")
    assert profile(client) == UserProfile("Taro", None)
    assert (line.seen[0].method, line.seen[0].path) == (
        "GET",
        f"/simulator/api/v2/bot/profile/{SAKURA}",
    )
    assert line.seen[0].headers["Authorization"] == "Bearer token"


def test_who_left_has_no_profile(line: Loopback, client: LineClient) -> None:
    line.answers = [Answer(404, {"message": "Not found"}), Answer(401, {"message": "No"})]
    assert profile(client) is None
    assert isinstance(profile(client), LineRejected)


@pytest.mark.parametrize("body", [{"displayName": 7}, {"language": "ja"}, ["さくら"]])
def test_a_profile_that_makes_no_sense_is_an_error(
    line: Loopback, client: LineClient, body: Any
) -> None:
    line.answers = [Answer(body=body)]
    said = profile(client)
    assert isinstance(said, LineUnavailable)
    assert "no sense" in str(said)


@pytest.mark.parametrize(
    ("plan", "limit"), [({"type": "limited", "value": 200}, 200), ({"type": "none"}, None)]
)
def test_the_quota_is_limit_and_use(
    line: Loopback, client: LineClient, plan: Any, limit: int | None
) -> None:
    line.answers = [Answer(body=plan), Answer(body={"totalUsage": 57})]
    assert client.quota() == Quota(limit, 57)
    assert [request.path.rpartition("/message/")[2] for request in line.seen] == [
        "quota",
        "quota/consumption",
    ]


def test_the_loading_dots_are_shown(line: Loopback, client: LineClient) -> None:
    line.answers = [Answer(202)]
    client.show_loading(SAKURA, 10)
    assert line.seen[0].path.endswith("/v2/bot/chat/loading/start")
    assert line.seen[0].json == {"chatId": SAKURA, "loadingSeconds": 10}
    for seconds in (0, 7, 65):
        with pytest.raises(ValueError, match="multiple of 5"):
            client.show_loading(SAKURA, seconds)
    assert len(line.seen) == 1


def test_the_account_and_its_webhook_are_known(line: Loopback, client: LineClient) -> None:
    account = {
        "userId": "U" + "0" * 32,
        "basicId": "@216abcde",
        "displayName": "カフェ かよい",
        "chatMode": "bot",
        "markAsReadMode": "auto",
    }
    endpoint = {"endpoint": "https://example.com/callback", "active": True}
    line.answers = [Answer(body=account), Answer(body=endpoint), Answer(404, {"message": "none"})]
    assert client.bot_info() == BotInfo("U" + "0" * 32, "@216abcde", "カフェ かよい", False)
    assert client.webhook_endpoint() == ("https://example.com/callback", True)
    assert client.webhook_endpoint() is None


def test_messages_can_be_validated_without_sending(line: Loopback, client: LineClient) -> None:
    line.answers = [Answer(), Answer(400, {"message": "The request body has 1 error(s)"})]
    client.validate_reply(HELLO)
    with pytest.raises(LineRejected):
        client.validate_reply(HELLO)
    assert line.seen[0].path.endswith("/v2/bot/message/validate/reply")
    assert line.seen[0].json == {"messages": HELLO}


def test_a_rich_menu_is_made_shown_listed_and_removed(line: Loopback, client: LineClient) -> None:
    area = RichMenuArea(x=0, y=0, width=1_200, height=800, action=PostbackAction("カード", "card"))
    menu = rich_menu(size=(1_200, 800), areas=[area], name="default", chat_bar_text="メニュー")
    line.answers = [
        Answer(body={"richMenuId": "menu-1"}),
        Answer(),
        Answer(),
        Answer(body={"richMenuId": "menu-1"}),
        Answer(body={"richmenus": [menu | {"richMenuId": "menu-1"}]}),
        Answer(),
    ]
    assert client.create_rich_menu(menu) == "menu-1"
    client.upload_rich_menu_image("menu-1", b"\x89PNG\r\n", "image/png")
    client.set_default_rich_menu("menu-1")
    assert client.default_rich_menu_id() == "menu-1"
    assert client.list_rich_menus() == [RichMenu("menu-1", "default", "メニュー")]
    client.delete_rich_menu("menu-1")
    assert [(r.method, r.path.partition("/v2/bot/")[2]) for r in line.seen] == [
        ("POST", "richmenu"),
        ("POST", "richmenu/menu-1/content"),
        ("POST", "user/all/richmenu/menu-1"),
        ("GET", "user/all/richmenu"),
        ("GET", "richmenu/list"),
        ("DELETE", "richmenu/menu-1"),
    ]
    assert line.seen[0].json == menu
    assert line.seen[1].body == b"\x89PNG\r\n"
    assert line.seen[1].headers["Content-Type"] == "image/png"


def test_without_a_default_menu_there_is_none(line: Loopback, client: LineClient) -> None:
    line.answers = [Answer(404, {"message": "no default richmenu"}), Answer(404, {"message": "x"})]
    assert client.default_rich_menu_id() is None
    client.delete_rich_menu("menu-gone")


def test_a_menus_picture_may_have_one_megabyte(line: Loopback, client: LineClient) -> None:
    with pytest.raises(ValueError, match="1 MB"):
        client.upload_rich_menu_image("menu-1", b"x" * 1_000_001, "image/png")
    assert line.seen == []


def test_a_menu_that_is_none_of_lines_never_leaves(line: Loopback, client: LineClient) -> None:
    with pytest.raises(InvalidMessages):
        client.create_rich_menu({"size": "large"})
    assert line.seen == []


def test_friends_are_linked_to_a_menu_at_once_and_unlinked_one_by_one(
    line: Loopback, client: LineClient
) -> None:
    line.answers = [Answer(202), Answer(200), Answer(404, {"message": "Not found"})]
    client.link_rich_menu([SAKURA], "richmenu-1")
    for _ in range(2):
        assert asked(client, lambda to, then: to.unlink_rich_menu(SAKURA, then)) is None
    assert [(seen.method, seen.path.partition("/bot/")[2]) for seen in line.seen] == [
        ("POST", "richmenu/bulk/link"),
        ("DELETE", f"user/{SAKURA}/richmenu"),
        ("DELETE", f"user/{SAKURA}/richmenu"),
    ]
    assert line.seen[0].json == {"richMenuId": "richmenu-1", "userIds": [SAKURA]}


def test_aliases_are_made_changed_listed_and_removed(line: Loopback, client: LineClient) -> None:
    listed = {"aliases": [{"richMenuAliasId": "kayoi-ja-gold", "richMenuId": "richmenu-2"}]}
    line.answers = [Answer(200), Answer(200), Answer(body=listed), Answer(200)]
    client.create_rich_menu_alias("kayoi-ja-gold", "richmenu-1")
    client.update_rich_menu_alias("kayoi-ja-gold", "richmenu-2")
    assert client.rich_menu_aliases() == {"kayoi-ja-gold": "richmenu-2"}
    client.delete_rich_menu_alias("kayoi-ja-gold")
    assert [seen.method for seen in line.seen] == ["POST", "POST", "GET", "DELETE"]
    assert line.seen[0].json == {"richMenuAliasId": "kayoi-ja-gold", "richMenuId": "richmenu-1"}
    assert line.seen[1].json == {"richMenuId": "richmenu-2"}


def test_a_menu_has_its_picture_or_not(line: Loopback, client: LineClient) -> None:
    line.answers = [Answer(200), Answer(404, {"message": "Not found"})]
    assert client.has_rich_menu_image("richmenu-1")
    assert not client.has_rich_menu_image("richmenu-1")


@pytest.mark.parametrize(("told", "opened"), [(433, 433), (None, None)])
def test_statistics_of_a_unit(
    line: Loopback, client: LineClient, told: int | None, opened: int | None
) -> None:
    overview = {"uniqueImpression": told, "uniqueClick": 20, "uniqueMediaPlayed": None}
    line.answers = [Answer(200, {"overview": overview, "messages": [], "clicks": []})]
    days = date(2026, 3, 1), date(2026, 3, 31)
    assert client.unit_statistics("lapsed_a", *days) == UnitStatistics(opened, 20)
    [request] = line.seen
    path, _, query = request.path.partition("?")
    assert path.endswith("/v2/bot/insight/message/event/aggregation")
    asked = {"customAggregationUnit": "lapsed_a", "from": "20260301", "to": "20260331"}
    assert dict(parse_qsl(query)) == asked
    assert request.headers["Authorization"] == "Bearer token"


@pytest.mark.parametrize(("status", "error"), [(400, LineRejected), (429, RateLimited)])
def test_statistics_that_line_does_not_tell(
    line: Loopback, client: LineClient, status: int, error: type[LineError]
) -> None:
    line.answers = [Answer(status, {"message": "no"})]
    with pytest.raises(error):
        client.unit_statistics("lapsed_a", date(2026, 3, 1), date(2026, 3, 31))
