import re
from xml.etree import ElementTree as ET

import zxingcpp
from PIL import Image, ImageDraw

from images.qr import link_qr, link_svg

LINK = "https://line.me/R/oaMessage/%40123abcde/?%E3%83%81%E3%82%A7%E3%83%83%E3%82%AF%207K2M-Q9XD"


def test_a_links_qr_is_an_svg_that_needs_no_style_and_reads_back() -> None:
    svg = link_svg(LINK, title="チェックイン")
    root = ET.fromstring(svg)  # noqa: S314 - our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.find("{*}title") is not None
    assert "style" not in svg
    assert "width" not in root.attrib
    [found] = zxingcpp.read_barcodes(_painted(root))
    assert found.text == LINK


def test_a_links_qr_for_paper_is_as_large_as_it_may_be_and_reads_back() -> None:
    picture = link_qr(LINK, side=1_000)
    assert 900 < picture.width == picture.height <= 1_000
    [found] = zxingcpp.read_barcodes(picture)
    assert (found.text, found.ec_level) == (LINK, "Q")


def _painted(root: ET.Element) -> Image.Image:
    """The modules of segno's one path: horizontal strokes, moved to and drawn relatively."""
    side = int(root.attrib["viewBox"].split()[2])
    picture = Image.new("L", (side * 4, side * 4), 255)
    pen = ImageDraw.Draw(picture)
    path = root.findall("{*}path")[-1].attrib["d"]
    x = y = 0.0
    path = root.findall("{*}path")[-1].attrib["d"]
    for kind, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", path):
        if kind == "h":
            box = (x * 4, (y - 0.5) * 4, (x + float(first)) * 4 - 1, (y + 0.5) * 4 - 1)
            pen.rectangle(box, fill=0)
            x += float(first)
        else:
            x, y = (x * (kind == "m") + float(first), y * (kind == "m") + float(second))
    return picture
