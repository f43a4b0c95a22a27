"""Every page of the staff and the owner in a language that nobody speaks: what they read stands in
the files of the texts, and nowhere else."""

from bot.store.staff import staff
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.test_routes import live, routes, things
from tests.pseudo import in_no_file, known_words, pseudo_english, said_on

__all__ = ["live", "pseudo_english"]

#: Whom these pages speak of, what was written to try them, and codes, which are by chance.
_PEOPLE = ("Owner owner Hana hana", "Spring tasting", "The winter blend Help us choose")
_WRITTEN = ("Which do you prefer Blend", "kissaten myshopify com")
#: Read by customers at the counter, in whose language it is; and what a code is in words.
_ELSEWHERE = ("/staff/qr/", "/staff/slips")


def test_no_page_says_what_stands_in_no_file(live: Desks, pseudo_english: None) -> None:
    fill = things(live)
    owner = live.signed_in("owner", "owner", None)
    with live.club.store.begin() as uow:
        staff.change(uow, live.person("owner").id, language="en")
    known = known_words(live.club.timeline().latest.programme, *_PEOPLE, *_WRITTEN)
    read, found = 0, {}
    for method, path in routes(live.app):
        if method != "GET" or path.startswith(_ELSEWHERE) or path == "/staff/logout":
            continue
        with owner.client.get(owner.address(fill(path)), query_string="lang=en") as answer:
            if answer.mimetype == "text/html" and answer.status_code == 200:
                read += 1
                if lines := in_no_file(said_on(answer.get_data(as_text=True)), known):
                    found[path] = lines
    assert read > 60
    assert found == {}
