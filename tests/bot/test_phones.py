import pytest

from bot.phones import e164, masked, spoken


@pytest.mark.parametrize(
    "text",
    [
        "090-1234-5678",
        "09012345678",
        "+81 90 1234 5678",
        "０９０－１２３４－５６７８",
        "(090) 1234 5678",
    ],
)
def test_a_number_has_one_form_in_any_spelling(text: str) -> None:
    assert e164(text, "JP") == "+819012345678"


@pytest.mark.parametrize("text", ["060-1234-5678", "070-1234-5678", "080-1234-5678"])
def test_every_mobile_number_of_japan_is_one(text: str) -> None:
    assert e164(text, "JP") == "+81" + text.replace("-", "")[1:]


@pytest.mark.parametrize("text", ["", "7736", "さくら", "4820117736", "0120", "090-1234-56789"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert e164(text, "JP") is None


def test_of_a_number_the_last_four_digits_are_shown() -> None:
    assert masked("+819012345678") == "···5678"
    assert masked("") == ""


@pytest.mark.parametrize(
    ("number", "country", "read"),
    [
        ("+819012345678", "JP", "090-1234-5678"),
        ("+819012345678", "US", "+81 90-1234-5678"),
        ("+12125550123", "JP", "+1 212-555-0123"),
        ("nonsense", "JP", "nonsense"),
    ],
)
def test_a_number_is_read_as_people_there_write_it(number: str, country: str, read: str) -> None:
    assert spoken(number, country) == read
