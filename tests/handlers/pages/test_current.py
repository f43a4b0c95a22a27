"""The pages of an application are about its own club, whatever else the process serves."""

from dataclasses import replace

from bot.codes import Codes
from handlers.club import Club
from handlers.pages.counter import opening_path
from tests.handlers.pages.conftest import browser_of


def test_each_application_of_a_process_has_a_club_of_its_own(club: Club) -> None:
    other = replace(club, codes=Codes("the secret of quite another installation, long too"))
    here, there = browser_of(club), browser_of(other)
    for browser, own, others in ((here, club, other), (there, other, club), (here, club, other)):
        assert browser.get(opening_path(others, "ekimae")).status_code == 404
        assert browser.get(opening_path(own, "ekimae")).status_code == 303
