"""The shop's colour, and what goes well with it in pictures and on pages."""

from dataclasses import dataclass

WHITE = "#FFFFFF"
INK = "#1F2328"
MUTED = "#6A6F76"
#: Contrast (WCAG 2) from which text is read easily: level AA.
READABLE = 4.5


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours, "#RRGGBB", that belong to one accent.

    `accent` is dark enough for white text on it and for itself on white; `deep` is darker still,
    `soft` and `ground` are breaths of it for what lies under dark text, `line` divides.
    """

    accent: str
    deep: str
    soft: str
    ground: str
    line: str
    ink: str = INK
    muted: str = MUTED
    paper: str = WHITE


def palette(accent: str) -> Palette:
    """The palette of a shop's accent. ValueError unless it is "#RRGGBB"."""
    readable = _readable(accent)
    return Palette(
        accent=readable,
        deep=mix(readable, "#000000", share=0.28),
        soft=mix(accent, WHITE, share=0.86),
        ground=mix(accent, WHITE, share=0.94),
        line=mix(accent, WHITE, share=0.76),
    )


def mix(colour: str, other: str, *, share: float) -> str:
    """`colour` with `share` (0..1) of `other` in it."""
    pairs = zip(_rgb(colour), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white), as WCAG 2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _readable(colour: str) -> str:
    """`colour`, or as much darker as it takes to be read on white, and white on it."""
    shades = (mix(colour, "#000000", share=step / 20) for step in range(21))
    return next(shade for shade in shades if contrast(shade, WHITE) >= READABLE)


def _rgb(colour: str) -> tuple[int, ...]:
    if len(colour) != 7 or colour[0] != "#":
        raise ValueError(f'a colour must look like "#8A5A44", not {colour!r}')
    return tuple(bytes.fromhex(colour[1:]))


def _luminance(colour: str) -> float:
    shares = zip((0.2126, 0.7152, 0.0722), _rgb(colour), strict=True)
    return sum(weight * _linear(channel / 255) for weight, channel in shares)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
