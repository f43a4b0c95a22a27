from rules.zodiac import ANIMALS, animal_of


def test_each_year_has_its_animal_and_the_thirteenth_the_first_one_again() -> None:
    known = {1984: "子", 2000: "辰", 2019: "亥", 2020: "子", 2026: "午", 2027: "未", 2038: "午"}
    assert {year: animal_of(year).kanji for year in known} == known
    assert [animal_of(2020 + n) for n in range(12)] == list(ANIMALS)
    assert len({each.emoji for each in ANIMALS}) == 12
