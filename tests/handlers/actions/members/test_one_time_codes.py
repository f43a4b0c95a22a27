import pytest

from handlers.actions.members import one_time_codes


def test_a_new_code_reads_back_in_every_spelling_and_never_looks_like_a_number() -> None:
    for _ in range(300):
        code = one_time_codes.new_code()
        assert not code.isdigit()
        spelled = one_time_codes.readable(code)
        copied = f"\u202a{spelled}\u202c"
        for typed in (code, spelled, spelled.lower(), spelled.replace("-", "ー"), copied):
            assert one_time_codes.plain(typed) == code


@pytest.mark.parametrize("cut_short", ["923456789", "234-567-892", "２３４５６７８９２"])
def test_a_card_number_cut_short_is_no_code(cut_short: str) -> None:
    assert one_time_codes.plain(cut_short) == ""
