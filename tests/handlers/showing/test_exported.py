"""What a member takes along: all that is held of them."""

from bot.store.tables.base import metadata
from handlers.showing.exported import IN_THE_FILE, LEFT_OUT, PARTS
from rules.wording.texts import keys


def test_every_table_with_something_of_a_member_is_in_the_file_or_says_why_not() -> None:
    """A new table needs a place in `export`, or a reason in LEFT_OUT."""
    theirs = {
        name
        for name, table in metadata.tables.items()
        if name == "members" or {"member_id", "user_id"} & set(table.c.keys())
    }
    assert theirs == IN_THE_FILE | LEFT_OUT.keys()
    assert not IN_THE_FILE & LEFT_OUT.keys()
    assert set(PARTS) == {
        key.rpartition(".")[2] for key in keys("ja") if key.startswith("member_page.part.")
    }
