"""Flex containers and components: one table of kinds → properties.

Source: LINE's Messaging API reference, "Flex Message", and its OpenAPI description.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .actions import action
from .checks import (
    WRONG_TYPE,
    Check,
    Field,
    Kind,
    Path,
    Report,
    Rule,
    array,
    boolean,
    integer,
    may,
    need,
    one_of,
    pattern,
    picture_url,
    string,
    thing,
    typed,
)

BUBBLE_BYTES_MAX = 30 * 1024
CAROUSEL_BYTES_MAX = 50 * 1024
BUBBLES_MAX = 12
ANIMATED_MAX = 10

_PX = r"\d+(\.\d+)?px"
_PERCENT = r"\d+(\.\d+)?%"
_STEPS = "xs|sm|md|lg|xl|xxl"
_SIZES = "xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl"

COLOUR = pattern(r"#([0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})")
SPACE = pattern(f"none|{_STEPS}|{_PX}")
PADDING = pattern(f"none|{_STEPS}|{_PX}|{_PERCENT}")
OFFSET = pattern(f"none|{_STEPS}|-?{_PX}|-?{_PERCENT}")
LENGTH = pattern(f"{_PX}|{_PERCENT}")
TEXT_SIZE = pattern(f"{_SIZES}|{_PX}")
IMAGE_SIZE = pattern(f"{_SIZES}|full|{_PX}|{_PERCENT}")
TEXT = string(least=1, empty="must be non-empty text")

_RATIO = re.compile(r"(\d{1,6})(?:\.\d+)?:(\d{1,6})(?:\.\d+)?")


def _aspect_ratio(value: Any, path: Path, report: Report) -> None:
    match = _RATIO.fullmatch(value) if isinstance(value, str) else None
    if not match:
        report.add(path, WRONG_TYPE)
        return
    width, height = int(match[1]), int(match[2])
    if not (1 <= width <= 100_000 and 1 <= height <= 100_000 and height <= 3 * width):
        report.add(path, WRONG_TYPE)


def _text_or_spans(value: Mapping[str, Any], path: Path, report: Report) -> None:
    if value.get("text") is None and not value.get("contents"):
        report.add((*path, "text"), "must be non-empty text")


def _children_fit_layout(value: Mapping[str, Any], path: Path, report: Report) -> None:
    allowed = BASELINE_CHILDREN if value.get("layout") == "baseline" else BOX_CHILDREN
    children = value.get("contents")
    for index, child in enumerate(children if isinstance(children, list) else []):
        COMPONENT_IN[allowed](child, (*path, "contents", index), report)


def _is_array(value: Any, path: Path, report: Report) -> None:
    if not isinstance(value, list):
        report.add(path, WRONG_TYPE)


def _kind(fields: Mapping[str, Field], *rules: Rule) -> Kind:
    return Kind({"type": need(string()), **fields}, rules, strict=True)


_PLACED: Mapping[str, Field] = {
    "position": may(one_of("relative", "absolute")),
    "offsetTop": may(OFFSET),
    "offsetBottom": may(OFFSET),
    "offsetStart": may(OFFSET),
    "offsetEnd": may(OFFSET),
}
_FLEX = may(integer(least=0))
_GRAVITY = may(one_of("top", "bottom", "center"))
_ALIGN = may(one_of("start", "end", "center"))
_LETTERS: Mapping[str, Field] = {
    "size": may(TEXT_SIZE),
    "color": may(COLOUR),
    "weight": may(one_of("regular", "bold")),
    "style": may(one_of("normal", "italic")),
    "decoration": may(one_of("none", "underline", "line-through")),
}

BACKGROUNDS: Mapping[str, Kind] = {
    "linearGradient": _kind(
        {
            "angle": need(pattern(r"([0-2]?\d?\d|3[0-5]\d)(\.\d+)?deg")),
            "startColor": need(COLOUR),
            "endColor": need(COLOUR),
            "centerColor": may(COLOUR),
            "centerPosition": may(pattern(r"(\d{1,2}(\.\d+)?|100)%")),
        }
    )
}

COMPONENTS: dict[str, Kind] = {
    "box": _kind(
        {
            "layout": need(one_of("horizontal", "vertical", "baseline")),
            "contents": need(_is_array),
            "flex": _FLEX,
            "spacing": may(SPACE),
            "margin": may(SPACE),
            **_PLACED,
            "backgroundColor": may(COLOUR),
            "borderColor": may(COLOUR),
            "borderWidth": may(pattern(f"none|light|normal|medium|semi-bold|bold|{_PX}")),
            "cornerRadius": may(SPACE),
            "width": may(LENGTH),
            "maxWidth": may(LENGTH),
            "height": may(LENGTH),
            "maxHeight": may(LENGTH),
            "paddingAll": may(PADDING),
            "paddingTop": may(PADDING),
            "paddingBottom": may(PADDING),
            "paddingStart": may(PADDING),
            "paddingEnd": may(PADDING),
            "action": may(action("flex")),
            "justifyContent": may(
                one_of(
                    "center",
                    "flex-start",
                    "flex-end",
                    "space-between",
                    "space-around",
                    "space-evenly",
                )
            ),
            "alignItems": may(one_of("center", "flex-start", "flex-end")),
            "background": may(typed(BACKGROUNDS)),
        },
        _children_fit_layout,
    ),
    "button": _kind(
        {
            "action": need(action("flex button")),
            "flex": _FLEX,
            "color": may(COLOUR),
            "style": may(one_of("primary", "secondary", "link")),
            "gravity": _GRAVITY,
            "margin": may(SPACE),
            **_PLACED,
            "height": may(one_of("md", "sm")),
            "adjustMode": may(one_of("shrink-to-fit")),
            "scaling": may(boolean),
        }
    ),
    "image": _kind(
        {
            "url": need(picture_url),
            "flex": _FLEX,
            "margin": may(SPACE),
            **_PLACED,
            "align": _ALIGN,
            "gravity": _GRAVITY,
            "size": may(IMAGE_SIZE),
            "aspectRatio": may(_aspect_ratio),
            "aspectMode": may(one_of("fit", "cover")),
            "backgroundColor": may(COLOUR),
            "action": may(action("flex")),
            "animated": may(boolean),
        }
    ),
    "icon": _kind(
        {
            "url": need(picture_url),
            "size": may(TEXT_SIZE),
            "aspectRatio": may(_aspect_ratio),
            "margin": may(SPACE),
            **_PLACED,
            "scaling": may(boolean),
        }
    ),
    "span": _kind({"text": may(TEXT), **_LETTERS}),
    "separator": _kind({"margin": may(SPACE), "color": may(COLOUR)}),
    "filler": _kind({"flex": _FLEX}),
}
COMPONENTS["text"] = _kind(
    {
        "text": may(TEXT),
        "contents": may(array(typed(COMPONENTS, only=("span",)))),
        "flex": _FLEX,
        "margin": may(SPACE),
        **_PLACED,
        **_LETTERS,
        "align": _ALIGN,
        "gravity": _GRAVITY,
        "wrap": may(boolean),
        "lineSpacing": may(pattern(_PX)),
        "maxLines": may(integer(least=0)),
        "action": may(action("flex")),
        "adjustMode": may(one_of("shrink-to-fit")),
        "scaling": may(boolean),
    },
    _text_or_spans,
)
COMPONENTS["video"] = _kind(
    {
        "url": need(picture_url),
        "previewUrl": need(picture_url),
        "altContent": need(typed(COMPONENTS, only=("box", "image"))),
        "aspectRatio": may(_aspect_ratio),
        "action": may(action("flex video")),
    }
)

BOX_CHILDREN = ("box", "button", "image", "text", "separator", "filler")
BASELINE_CHILDREN = ("icon", "text", "filler")
COMPONENT_IN: Mapping[tuple[str, ...], Check] = {
    allowed: typed(COMPONENTS, only=allowed) for allowed in (BOX_CHILDREN, BASELINE_CHILDREN)
}

_BLOCKS = ("header", "hero", "body", "footer")
_BLOCK_STYLE = Kind(
    {
        "backgroundColor": may(COLOUR),
        "separator": may(boolean),
        "separatorColor": may(COLOUR),
    },
    strict=True,
)


def _json_bytes(value: object) -> int:
    return len(
        json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "surrogatepass"
        )
    )


def _has_a_block(value: Mapping[str, Any], path: Path, report: Report) -> None:
    if not any(value.get(block) is not None for block in _BLOCKS):
        report.add(path, "At least one block must be specified")


def _bubble_size(value: Mapping[str, Any], path: Path, report: Report) -> None:
    if _json_bytes(value) > BUBBLE_BYTES_MAX:
        report.add(path, f"bubble size must be {BUBBLE_BYTES_MAX} bytes or less")


def _video_fits(value: Mapping[str, Any], path: Path, report: Report) -> None:
    hero = value.get("hero")
    is_video = isinstance(hero, dict) and hero.get("type") == "video"
    if is_video and value.get("size", "mega") not in ("kilo", "mega", "giga"):
        report.add((*path, "hero"), "video needs a bubble of kilo, mega or giga")


def _walk(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _walk(part)
    elif isinstance(value, list):
        for part in value:
            yield from _walk(part)


def _few_animated(value: Mapping[str, Any], path: Path, report: Report) -> None:
    animated = sum(1 for part in _walk(value) if part.get("animated") is True)
    if animated > ANIMATED_MAX:
        report.add(path, f"at most {ANIMATED_MAX} animated images")


def _bubbles_match(value: Mapping[str, Any], path: Path, report: Report) -> None:
    bubbles = value.get("contents")
    bubbles = [b for b in bubbles if isinstance(b, dict)] if isinstance(bubbles, list) else []
    if len({str(bubble.get("size", "mega")) for bubble in bubbles}) > 1:
        report.add((*path, "contents"), "bubbles must have the same size")
    for index, bubble in enumerate(bubbles):
        if isinstance(bubble.get("hero"), dict) and bubble["hero"].get("type") == "video":
            report.add((*path, "contents", index, "hero"), "no video in a carousel")


def _carousel_size(value: Mapping[str, Any], path: Path, report: Report) -> None:
    if _json_bytes(value) > CAROUSEL_BYTES_MAX:
        report.add(path, f"carousel size must be {CAROUSEL_BYTES_MAX} bytes or less")


_BOX = typed(COMPONENTS, only=("box",))

CONTAINERS: dict[str, Kind] = {
    "bubble": _kind(
        {
            "size": may(one_of("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")),
            "direction": may(one_of("ltr", "rtl")),
            "header": may(_BOX),
            "hero": may(typed(COMPONENTS, only=("box", "image", "video"))),
            "body": may(_BOX),
            "footer": may(_BOX),
            "styles": may(
                thing(Kind({block: may(thing(_BLOCK_STYLE)) for block in _BLOCKS}, strict=True))
            ),
            "action": may(action("flex")),
        },
        _has_a_block,
        _bubble_size,
        _video_fits,
    )
}
CONTAINERS["carousel"] = _kind(
    {"contents": need(array(typed(CONTAINERS, only=("bubble",)), least=1, most=BUBBLES_MAX))},
    _bubbles_match,
    _carousel_size,
)

CONTAINER = typed(
    {
        name: Kind(kind.fields, (*kind.rules, _few_animated), kind.strict)
        for name, kind in CONTAINERS.items()
    }
)
