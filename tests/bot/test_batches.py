from itertools import count, islice

from bot.batches import batched


def test_all_come_in_their_order_and_the_last_batch_is_what_is_left() -> None:
    assert list(batched("abcdefg", 3)) == [["a", "b", "c"], ["d", "e", "f"], ["g"]]
    assert list(batched([1, 2], 2)) == [[1, 2]]
    assert list(batched([], 2)) == []


def test_no_more_is_drawn_than_is_asked_for() -> None:
    numbers = count()
    assert list(islice(batched(numbers, 2), 2)) == [[0, 1], [2, 3]]
    assert next(numbers) == 4
