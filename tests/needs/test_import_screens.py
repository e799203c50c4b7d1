"""Files through the browser: a report of every fault, and nothing for those whose page it is not."""

from collections.abc import Callable

from bostad.accounts.tables import User
from tests.browsing import Browser, words
from tests.needs.conftest import Scene

Browse = Callable[[User | None], Browser]


def test_a_sheet_is_sent_through_the_browser_and_its_faults_come_back(browse: Browse, scene: Scene) -> None:
    """U42."""
    browser = browse(scene.worker)
    head = "Ärendenummer;Risk;Väntar sedan;Vuxna;Högsta hyra;Kommuner;Målgrupp\n"
    rows = "9901-7;hög;2026-09-01;1;8 000,00;9901;kvoten\n9901-8;mellan;2026-09-01;1;8000;9901;kvoten\n"

    refused = browser.upload("/cases/import", "lista.csv", (head + rows).encode())
    kept = browser.upload("/cases/import", "lista.csv", (head + rows).encode(), keep_good="yes")
    nothing = browser.post("/cases/import")

    assert refused.status_code == 422
    assert "mellan" in words(refused)
    assert kept.status_code == 422
    assert "9901-7" in words(browser.get("/cases"))
    assert nothing.status_code in {400, 422}


def test_places_are_taken_in_by_an_administrator(browse: Browse, scene: Scene) -> None:
    browser = browse(scene.administrator)
    content = b"municipality,place,lat,lon\n9901,Provtorget,62.0,18.5\n"

    assert browser.get("/imports").status_code == 200
    assert browser.upload("/imports/places", "platser.csv", content).status_code == 200
    assert browser.upload("/imports/places", "platser.csv", b"municipality\n9901\n").status_code == 422
    assert browse(scene.worker).get("/imports/places").status_code == 403
