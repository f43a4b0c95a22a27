from itertools import pairwise

import pytest

from rules.checking.reading import InvalidProgramme, parse
from rules.programme.card import CardPolicy, is_jan, is_of_a_shop, number_in, with_check_digit
from tests.rules.examples import CAFE, changed, programme

JAN = '\n[card]\nbarcode = "jan13"\nbarcode_prefix = "21"\n\n[points]'


def with_barcode(text: str = JAN) -> str:
    return changed(CAFE, ("\n[points]", text))


@pytest.mark.parametrize(
    # The first two are GS1 Japan's own examples, the third the one of ISO/IEC 15420.
    "jan", ["4569951110016", "49968712", "9780201379624", "2148201177362"],
)  # fmt: skip
def test_the_last_digit_of_a_jan_checks_the_others(jan: str) -> None:
    assert with_check_digit(jan[:-1]) == jan
    assert is_jan(jan)
    wrong = [f"{jan[:-1]}{digit}" for digit in range(10) if str(digit) != jan[-1]]
    assert not any(map(is_jan, wrong))


def test_two_digits_swapped_are_found_but_where_they_differ_by_five() -> None:
    jan = "2148201177362"
    for place, (one, other) in enumerate(pairwise(jan)):
        swapped = jan[:place] + other + one + jan[place + 2 :]
        assert is_jan(swapped) == (one == other or abs(int(one) - int(other)) == 5)


def test_a_cards_jan_holds_its_number_between_the_prefix_and_the_check_digit() -> None:
    policy = programme(with_barcode()).card
    text = policy.barcode_text("4820117736")
    assert (text, number_in(text)) == ("2148201177362", "4820117736")
    assert is_of_a_shop(text)
    assert not is_of_a_shop("4569951110016")
    assert CardPolicy(barcode="code128").barcode_text("4820117736") == "4820117736"
    assert CardPolicy().barcode_text("4820117736") == ""


@pytest.mark.parametrize(
    "wrong",
    [
        'barcode = "jan13"',
        'barcode_prefix = "21"',
        'barcode = "code128"\nbarcode_prefix = "21"',
        'barcode = "jan13"\nbarcode_prefix = "49"',
        'barcode = "jan13"\nbarcode_prefix = "2"',
        'barcode = "qr"',
    ],
)
def test_a_prefix_is_two_digits_of_a_shops_own_and_goes_with_a_jan(wrong: str) -> None:
    parsed = parse(with_barcode(f"\n[card]\n{wrong}\n\n[points]"))
    assert isinstance(parsed, InvalidProgramme)
    assert all(problem.line("en").startswith("card") for problem in parsed.problems)
