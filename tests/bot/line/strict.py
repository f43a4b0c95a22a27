"""Would LINE take these messages? Stricter than the SDK: nothing unknown, nothing too long.

`assert_line_accepts` is for every test that looks at what the bot says. The checks are made from
LINE's documentation and share no code with what they check.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import regex
from linebot.v3.messaging import Message, RichMenuRequest

Json = Mapping[str, Any]

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?")
_PIXELS = re.compile(r"\d+(\.\d+)?px")
_LENGTH = re.compile(r"\d+(\.\d+)?(px|%)")
_SPACES = {"none", "xs", "sm", "md", "lg", "xl", "xxl"}
_SIZES = {"xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl", "full"}
_WITHIN = {
    "horizontal": {"box", "button", "image", "text", "separator", "filler"},
    "vertical": {"box", "button", "image", "text", "separator", "filler"},
    "baseline": {"icon", "text", "filler"},
}


def assert_line_accepts(messages: Sequence[Json]) -> None:
    """Fails, naming the place, unless LINE would accept `messages` as one reply or push."""
    assert 1 <= len(messages) <= 5, f"{len(messages)} messages in one request"
    for index, message in enumerate(messages):
        where = f"messages[{index}]"
        _assert_kept(Message.from_dict(message).to_dict(), message, where)
        _assert_clean(message, where)
        _CHECKS[message["type"]](message, where)
        if "quickReply" in message:
            assert index == len(messages) - 1, f"{where}: only the last one's quick replies show"
            _quick_reply(message["quickReply"], f"{where}.quickReply")


def assert_line_accepts_menu(menu: Json) -> None:
    """Fails unless LINE would accept `menu` as a new rich menu."""
    _assert_kept(RichMenuRequest.from_dict(menu).to_dict(), menu, "menu")
    _assert_clean(menu, "menu")
    width, height = menu["size"]["width"], menu["size"]["height"]
    assert 800 <= width <= 2500, "menu.size.width"
    assert height >= 250, "menu.size.height"
    assert width / height >= 1.45, "menu.size"
    assert 1 <= _graphemes(menu["name"]) <= 300, "menu.name"
    assert 1 <= _graphemes(menu["chatBarText"]) <= 14, "menu.chatBarText"
    assert len(menu["areas"]) <= 20, "menu.areas"
    for index, area in enumerate(menu["areas"]):
        bounds = area["bounds"]
        assert min(bounds["x"], bounds["y"]) >= 0, f"menu.areas[{index}]"
        assert bounds["x"] + bounds["width"] <= width, f"menu.areas[{index}]"
        assert bounds["y"] + bounds["height"] <= height, f"menu.areas[{index}]"
        _action(area["action"], f"menu.areas[{index}]", label=20)


def texts(message: Json) -> list[str]:
    """Every text a reader sees in `message`, in order; labels of buttons too. What holds letters
    together in a line nobody sees."""
    return [text.replace("\u2060", "") for text in _texts(message)]


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("type") == "text":
            yield part["text"]
        if part.get("type") == "location":
            yield from (part["title"], part["address"])
        if part.get("type") == "button":
            yield part["action"]["label"]
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)


def _assert_kept(kept: Any, given: Any, where: str) -> None:
    """The SDK's model has everything that was given (it may add defaults of its own)."""
    if isinstance(given, dict):
        assert isinstance(kept, dict), f"{where}: lost by the SDK's model"
        for name, value in given.items():
            assert name in kept, f"{where}.{name}: unknown to LINE"
            _assert_kept(kept[name], value, f"{where}.{name}")
    elif isinstance(given, list):
        assert isinstance(kept, list), f"{where}: lost by the SDK's model"
        assert len(kept) == len(given), f"{where}: lost items"
        for index, (ours, theirs) in enumerate(zip(given, kept, strict=True)):
            _assert_kept(theirs, ours, f"{where}[{index}]")
    else:
        assert (type(kept), kept) == (type(given), given), f"{where}: {given!r} became {kept!r}"


def _assert_clean(part: Any, where: str) -> None:
    if isinstance(part, dict):
        for name, value in part.items():
            assert value is not None, f"{where}.{name}: null"
            _assert_clean(value, f"{where}.{name}")
    elif isinstance(part, list):
        for index, value in enumerate(part):
            _assert_clean(value, f"{where}[{index}]")
    elif isinstance(part, str):
        assert not re.search(r"[\ud800-\udfff\x00-\x09\x0b-\x1f\x7f]", part), f"{where}: {part!r}"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _graphemes(text: str) -> int:
    return len(regex.findall(r"\X", text))


def _text_message(message: Json, where: str) -> None:
    assert message["text"].strip(), f"{where}.text is empty"
    assert _units(message["text"]) <= 5_000, f"{where}.text is too long"


def _image_message(message: Json, where: str) -> None:
    _picture_url(message["originalContentUrl"], where)
    _picture_url(message["previewImageUrl"], where)


def _flex_message(message: Json, where: str) -> None:
    assert message["altText"].strip(), f"{where}.altText is empty"
    assert _units(message["altText"]) <= 1_500, f"{where}.altText is too long"
    container = message["contents"]
    if container["type"] == "carousel":
        assert 1 <= len(container["contents"]) <= 12, f"{where}: bubbles"
        assert len(json.dumps(container)) <= 50_000, f"{where}: carousel too large"
        sizes = {bubble.get("size", "mega") for bubble in container["contents"]}
        assert len(sizes) == 1, f"{where}: bubbles of different widths"
    for bubble in container.get("contents", [container]):
        _bubble(bubble, f"{where}.bubble")


def _place_message(message: Json, where: str) -> None:
    for name in ("title", "address"):
        assert 1 <= len(message[name].encode("utf-16-le")) // 2 <= 100, f"{where}.{name}"
    assert abs(message["latitude"]) <= 90, f"{where}.latitude"
    assert abs(message["longitude"]) <= 180, f"{where}.longitude"


_CHECKS = {
    "text": _text_message,
    "image": _image_message,
    "flex": _flex_message,
    "location": _place_message,
}


def _bubble(bubble: Json, where: str) -> None:
    assert len(json.dumps(bubble)) <= 30_000, f"{where}: too large"
    assert bubble.get("size", "mega") in {
        "nano", "micro", "deca", "hecto", "kilo", "mega", "giga",
    }, f"{where}.size"  # fmt: skip
    for block in ("header", "hero", "body", "footer"):
        if block in bubble:
            kind = bubble[block]["type"]
            assert kind == "box" or (block == "hero" and kind == "image"), f"{where}.{block}"
            _component(bubble[block], f"{where}.{block}")
    if "action" in bubble:
        _action(bubble["action"], f"{where}.action", label=40)


def _component(part: Json, where: str) -> None:
    where = f"{where}<{part['type']}>"
    for name, value in part.items():
        _look(name, value, f"{where}.{name}")
    match part["type"]:
        case "box":
            _box(part, where)
        case "text":
            assert part["text"].strip(), f"{where} is empty"
            assert _units(part["text"]) <= 2_000, f"{where} is a book"
        case "button":
            assert part["action"].get("label"), f"{where}: a button needs a label"
        case "image":
            _picture_url(part["url"], where)
            width, height = map(float, part.get("aspectRatio", "1:1").split(":"))
            assert height <= 3 * width, f"{where}.aspectRatio"
    if "action" in part:
        _action(part["action"], f"{where}.action", label=40)


def _box(part: Json, where: str) -> None:
    for child in part["contents"]:
        assert child["type"] in _WITHIN[part["layout"]], f"{where}: holds a {child['type']}"
        _component(child, where)
    background = part.get("background")
    if background is not None:
        assert _COLOUR.fullmatch(background["startColor"]), where
        assert _COLOUR.fullmatch(background["endColor"]), where
        assert 0 <= float(background["angle"].removesuffix("deg")) < 360, where


def _look(name: str, value: Any, where: str) -> None:
    """Colours, distances and sizes are ones that LINE names."""
    if name in {"color", "backgroundColor", "borderColor", "separatorColor"}:
        assert _COLOUR.fullmatch(value), f"{where}: {value!r}"
    elif name in {"spacing", "margin", "cornerRadius"}:
        assert value in _SPACES or _PIXELS.fullmatch(value), f"{where}: {value!r}"
    elif name.startswith("padding"):
        assert value in _SPACES or _LENGTH.fullmatch(value), f"{where}: {value!r}"
    elif name in {"width", "maxWidth"} or (name == "height" and value not in {"sm", "md"}):
        assert _LENGTH.fullmatch(value), f"{where}: {value!r}"
    elif name == "size":
        assert value in _SIZES or _LENGTH.fullmatch(value), f"{where}: {value!r}"
    elif name == "flex":
        assert value >= 0, f"{where}: {value!r}"


def _quick_reply(quick_reply: Json, where: str) -> None:
    assert 1 <= len(quick_reply["items"]) <= 13, f"{where}.items"
    for index, item in enumerate(quick_reply["items"]):
        assert item["type"] == "action", where
        assert item["action"].get("label"), f"{where}[{index}]: needs a label"
        _action(item["action"], f"{where}[{index}]", label=20)


def _action(action: Json, where: str, *, label: int) -> None:
    if "label" in action:
        assert 1 <= _graphemes(action["label"]) <= label, f"{where}.label"
    match action["type"]:
        case "postback":
            assert 1 <= _units(action["data"]) <= 300, f"{where}.data"
            if "displayText" in action:
                assert 1 <= _graphemes(action["displayText"]) <= 300, f"{where}.displayText"
        case "message":
            assert 1 <= _graphemes(action["text"]) <= 300, f"{where}.text"
        case "uri":
            assert 1 <= _units(action["uri"]) <= 1_000, f"{where}.uri"
            assert re.match(r"(https?|line|tel):[!-~]+$", action["uri"]), f"{where}.uri"
        case "datetimepicker":
            _date_picker(action, where)


def _date_picker(action: Json, where: str) -> None:
    assert 1 <= _units(action["data"]) <= 300, f"{where}.data"
    assert action["mode"] == "date", f"{where}.mode"
    first = action.get("min", "1900-01-01")
    last = action.get("max", "2100-12-31")
    assert "1900-01-01" <= first < last <= "2100-12-31", f"{where}: {first} to {last}"
    assert first <= action.get("initial", first) <= last, f"{where}.initial"


def _picture_url(url: str, where: str) -> None:
    """https, or our own machine's for the simulator."""
    assert _units(url) <= 2_000, f"{where}: URL too long"
    assert re.match(r"(https://|http://(127\.0\.0\.1|localhost)[:/])[!-~]+$", url), (
        f"{where}: {url}"
    )
