"""Receipts by their lines: what they come to, and what pieces of them were paid for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.activity import Purchase
from rules.base import LocalText, Refusal
from rules.orders.lines import (
    LINES_MAX,
    ReceiptLine,
    ReturnedPieces,
    ReturnedWorth,
    all_left,
    bought_lines,
    purchase_of,
    worth_of,
)
from rules.programme.purchases import ExcludedGoods, PurchasePolicy, counting_yen

TOBACCO = ExcludedGoods(id="tobacco", name=LocalText(ja="たばこ", en="tobacco"))
POLICY = PurchasePolicy(excluded=(TOBACCO,))
WITHOUT_TAX = PurchasePolicy(excluded=(TOBACCO,), amount="tax_excluded")
BEANS = ReceiptLine(
    item="B-200", name="豆 200g", category="beans", quantity=3, yen=1_000, tax_yen=74
)
CIGARETTES = ReceiptLine(item="T-1", category="たばこ", yen=600, tax_yen=54)


def bought(policy: PurchasePolicy = POLICY, *lines: ReceiptLine) -> Purchase:
    made = purchase_of(policy, bought_lines(policy, lines or (BEANS, CIGARETTES)))
    assert isinstance(made, Purchase)
    return made


def test_lines_make_a_receipt_with_its_tax_and_what_never_counts() -> None:
    assert bought() == Purchase(1_600, 128, 600)
    assert counting_yen(POLICY, bought()) == 1_000


def test_where_tax_does_not_count_that_on_excluded_goods_is_taken_off_once() -> None:
    # 1,600 with 128 of tax; the cigarettes are 546 without theirs: 926 count, as the beans have.
    assert counting_yen(WITHOUT_TAX, bought(WITHOUT_TAX)) == 1_000 - 74


@pytest.mark.parametrize("called", ["tobacco", "TOBACCO", "たばこ", "ｔｏｂａｃｃｏ "])
def test_goods_never_count_by_the_id_or_a_name_that_the_programme_has(called: str) -> None:
    assert bought(POLICY, ReceiptLine(category=called, yen=600)).excluded_yen == 600
    assert bought(POLICY, ReceiptLine(item=called, yen=600)).excluded_yen == 600
    assert bought(POLICY, ReceiptLine(name=called, yen=600)).excluded_yen == 0


@pytest.mark.parametrize(
    ("lines", "total", "why"),
    [
        ((), None, "lines_none"),
        ((BEANS,) * (LINES_MAX + 1), None, "lines_many"),
        ((BEANS, CIGARETTES), 1_599, "lines_total"),
        ((ReceiptLine(yen=100, tax_yen=101),), None, "lines_tax"),
        ((ReceiptLine(yen=0),), None, "purchase_amount"),
    ],
)
def test_what_does_not_add_up_is_refused_and_says_why(
    lines: tuple[ReceiptLine, ...], total: int | None, why: str
) -> None:
    made = purchase_of(POLICY, bought_lines(POLICY, lines), total_yen=total)
    assert made == Refusal(why)


def test_pieces_are_worth_their_share_of_the_line() -> None:
    lines = bought_lines(POLICY, (BEANS, CIGARETTES))
    one = worth_of(POLICY, lines, [ReturnedPieces(1, 1)])
    assert one == ReturnedWorth(333, 24, 0)
    both = worth_of(POLICY, lines, [ReturnedPieces(1, 2), ReturnedPieces(2, 1)])
    assert both == ReturnedWorth(666 + 600, 49 + 54, 600)


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [ReturnedPieces(1, 4)],
        [ReturnedPieces(1, 0)],
        [ReturnedPieces(1, -1)],
        [ReturnedPieces(3, 1)],
        [ReturnedPieces(1, 1), ReturnedPieces(1, 1)],
    ],
)
def test_never_more_is_brought_back_than_was_bought(pieces: list[ReturnedPieces]) -> None:
    lines = bought_lines(POLICY, (BEANS, CIGARETTES))
    assert worth_of(POLICY, lines, pieces) == Refusal("return_lines")


@given(
    quantity=st.integers(1, 40),
    yen=st.integers(0, 10_000),
    steps=st.lists(st.integers(1, 7), max_size=40),
    excluded=st.booleans(),
)
def test_in_whatever_steps_a_line_comes_back_it_comes_to_its_price(
    quantity: int, yen: int, steps: list[int], excluded: bool
) -> None:
    category = "tobacco" if excluded else ""
    line = ReceiptLine(category=category, quantity=quantity, yen=yen, tax_yen=yen // 11)
    (sold,) = bought_lines(POLICY, (line,))
    found = []
    for step in [*steps, quantity]:
        if sold.left:
            worth = worth_of(POLICY, (sold,), [ReturnedPieces(1, min(step, sold.left))])
            assert isinstance(worth, ReturnedWorth)
            found.append(worth)
            back = sold.returned + min(step, sold.left)
            sold = type(sold)(sold.line, sold.no, sold.excluded, back)
    assert sum(each.yen for each in found) == yen
    assert sum(each.tax_yen for each in found) == yen // 11
    assert sum(each.excluded_yen for each in found) == (yen if excluded else 0)
    assert all_left((sold,)) == ()
