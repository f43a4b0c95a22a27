"""Sharing: a line of one's choice, PR in picture and text, and a link of one's own."""

import re
from datetime import timedelta

from ..conftest import Person, World, buttons, words

#: The café's share, proven by its link alone.
BY_LINK = ('needs_staff = true\n\n[[earning]]\nid = "streak"', '\n[[earning]]\nid = "streak"')


def link_of(person: Person, line: int = 1) -> str:
    said = person.tap("share", line=line)
    [link] = set(re.findall(r"/pr/[A-Z0-9]+", said[-1]["text"]))
    return str(link)


def test_what_is_shared_says_that_it_is_advertising(world: World) -> None:
    person = world.member()
    asked = words(person.write("シェア"))
    assert "通い路珈琲で、ほっとひと息" in asked
    assert "「PR」の表示が必要です" in asked
    ready = person.tap("share", line=3)
    post = ready[-1]["text"]
    assert post.startswith("【PR】通い路珈琲で、ほっとひと息 ")
    assert post.endswith("#PR")
    urls = [each["action"]["uri"] for each in buttons(ready[0]["contents"])]
    assert urls[0].startswith(f"{world.club.link_base}/R/share?text=%E3%80%90PR%E3%80%91")
    assert urls[1].startswith("https://x.com/intent/post?text=%E3%80%90PR%E3%80%91")
    assert "/images/share/" in str(ready[0])


def test_a_day_has_one_link_whatever_line_is_chosen(world: World) -> None:
    person = world.member()
    first = link_of(person, 1)
    assert link_of(person, 4) == first
    world.travel(timedelta(days=1))
    assert link_of(person, 4) != first
    for odd in (0, 9):
        assert "ひとことを選ぶと" in words(person.tap("share", line=odd))


def test_it_says_what_makes_it_count(world: World) -> None:
    assert "スタッフにお見せ" in words(world.member().write("シェア"))
    world.publish(BY_LINK)
    person = world.member("もも")
    assert "リンクをひらいてくださると" in words(person.write("シェア"))
    link_of(person)
    assert "まだひらかれていません" in words(person.write("シェア"))
