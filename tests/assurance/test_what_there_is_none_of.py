"""What an attack needs and this house does not have: held by looking, so that it stays away."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, Request
from litestar.testing import RequestFactory
from sqlmodel import Session, select

from bostad.accounts import answers
from bostad.accounts.access import Role
from bostad.accounts.passkeys import ALGORITHMS
from bostad.accounts.tables import User
from bostad.answers import Answers
from bostad.resources import resource
from bostad.web.returning import address_of
from bostad.zones.logins import Login
from bostad.zones.tables import TABLES
from tests.assurance.code import SOURCE, calls, importers_of
from tests.browsing import Browser
from tests.factories import UserFactory

Browse = Callable[[User | None], Browser]
WRITES_FILES = {
    "adapters/anchor_file.py": "the log's head, to the operator's own file",
    "adapters/embedded.py": "the demo's folder",
    "adapters/embedded_place.py": "the demo's folder",
    "adapters/guard.py": "the demo's own log",
    "adapters/key_file.py": "the file of keys, by `bostad keys`",
    "adapters/match_folder/writing.py": "`bostad match`: a folder on the computer of whoever calls it",
    "bench/running.py": "a measurement's folder",
    "cli/demo.py": "the demo's folder",
    "cli/keys_drill.py": "a measurement's folder",
    "cli/wall_bench.py": "a measurement's folder",
}
"""Who writes files: none of them is reached by a page, and none of them is given what somebody uploaded."""
_WRITES = re.compile(r"\.(?:write_text|write_bytes|extract|extractall)$|^(?:tempfile|shutil)\.(?!get_terminal|which)")
OPENS_PACKAGED = {"web/rendering.py", "needs/consent_text.py", "accounts/guessing.py"}
ROOMS = ("web", "accounts", "needs", "homes", "placements", "agreements", "keeping", "oversight", "protection")


def test_no_file_is_kept_and_none_is_reached_by_a_name_that_was_sent() -> None:
    """ASVS V5.2.4, V5.2.5, V5.2.6, V5.3.1, V5.3.2, V5.3.3, V5.4.3, V14.2.8.

    What is uploaded is read in memory and forgotten: nothing to run, to scan, to hand on, or to fill a disk with. No
    picture is read. The rooms know files of the package alone.
    """
    writes = {
        name
        for name, called, call in calls()
        if _WRITES.search(called) or called in {"os.open", "os.fdopen"} or (called.endswith(".open") and _writes(call))
    }
    paths = {name for name in importers_of("pathlib", "os", "shutil", "tempfile") if name.startswith(ROOMS)}

    assert writes == WRITES_FILES.keys()
    assert {name for name in paths if "os.urandom" not in (SOURCE / name).read_text()} == OPENS_PACKAGED
    assert importers_of("PIL", "cv2", "imageio", "wand") == set()


def test_no_other_origin_is_ever_let_in(browse: Browse, rows: Session) -> None:
    """ASVS V3.4.2: whoever asks, and whatever she asks for, no answer has a header of CORS."""
    browser = browse(UserFactory()).client
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answers = [
        browser.request(method, address, headers=headers)
        for method in ("GET", "OPTIONS", "POST")
        for address in ("/cases", "/sign-in", "/policy-reports", "/static/none.js", "/health/live")
    ]

    assert [name for one in answers for name in one.headers if name.startswith("access-control-")] == []
    assert {one.status_code for one in answers if one.request.method == "OPTIONS"} == {404}


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "DEBUG"])
def test_no_method_is_answered_that_no_page_uses(method: str, browse: Browse, rows: Session) -> None:
    """ASVS V13.4.4: and nothing of what was sent comes back."""
    browser = browse(UserFactory()).client
    for address in ("/", "/cases", "/sign-in", "/static/", "/health/live"):
        answer = browser.request(method, address, headers={"X-Sent": "come back"})
        assert answer.status_code in {404, 405}, address
        assert "come back" not in answer.text


def test_there_is_no_debug_mode_no_listing_and_no_other_kind_of_file(app: Litestar, browse: Browse) -> None:
    """ASVS V13.4.2, V13.4.3, V13.4.7."""
    served = {file.suffix for file in Path(resource("static")).iterdir()}
    stranger = browse(None)
    outside = ("/static/", "/static", "/static/..%2fsettings.py", "/static/../app.py", "/.git/config", "/.env")

    assert app.debug is False
    assert served == {".css", ".js", ".json", ".svg", ".txt"}
    assert {stranger.get(address).status_code for address in outside} == {404}


def test_a_script_is_the_same_for_everybody(browse: Browse, rows: Session) -> None:
    """ASVS V3.5.7: it is a file, so it holds nothing of anybody's."""
    scripts = [file.name for file in Path(resource("static")).iterdir() if file.suffix == ".js"]
    mine, nobodys = browse(UserFactory()), browse(None)

    assert len(scripts) > 3
    for name in scripts:
        assert mine.get(f"/static/{name}").content == nobodys.get(f"/static/{name}").content


def test_a_page_is_made_of_nothing_old_and_leads_nowhere_else() -> None:
    """ASVS V3.7.1, V3.7.3: no plug-in, no frame, and no link to another site but those that are named."""
    texts = {file.name: file.read_text() for file in Path(resource("templates")).rglob("*.html")}
    outwards = {name for name, text in texts.items() if re.search(r"(?:href|action|src)=[\"'](?:https?:)?//", text)}

    assert [name for name, text in texts.items() if re.search(r"<(?:object|embed|applet|i?frame)\b", text)] == []
    assert outwards == set()


@pytest.mark.parametrize("role", Role)
def test_the_way_out_stands_on_every_page(role: Role, app: Litestar, browse: Browse, rows: Session) -> None:
    """ASVS V7.4.4."""
    browser = browse(UserFactory(role=role))
    pages = [route.path for route in app.routes if "{" not in route.path and not route.path.startswith("/health")]
    shown = [answer for path in pages if (answer := browser.get(path, follow_redirects=False)).status_code == 200]
    whole = [answer for answer in shown if "<html" in answer.text]

    assert len(whole) > 3
    assert [str(answer.url) for answer in whole if 'action="/sign-out"' not in answer.text] == []


def test_an_installation_begins_with_nobody(rows: Session) -> None:
    """ASVS V6.3.2: a migrated database has no account, so none that anybody knows the password of."""
    assert rows.exec(select(User)).all() == []


def test_nobody_is_asked_for_a_hint_or_a_secret_question() -> None:
    """ASVS V6.4.2: the fields of every form about accounts."""
    forms = [one for one in vars(answers).values() if isinstance(one, type) and issubclass(one, Answers)]
    fields = {name for form in forms for name in form.model_fields}

    assert {"password", "code", "new_password"} <= fields
    assert [name for name in fields if re.search(r"hint|question|answer|reminder|birth|mother", name)] == []


def test_no_key_is_made_of_a_password_and_signatures_are_of_three_kinds() -> None:
    """ASVS V11.4.4, V11.6.1: HKDF makes keys of what is random; passwords are hashed, and hashed alone."""
    assert importers_of("cryptography.hazmat.primitives.kdf") == {"accounts/sealing.py"}
    assert importers_of("argon2") == {"accounts/passwords.py"}
    assert {one.name for one in ALGORITHMS} == {"EDDSA", "ECDSA_SHA_256", "RSASSA_PKCS1_v1_5_SHA_256"}
    assert importers_of("cryptography.hazmat.primitives.asymmetric") == {"accounts/passkeys.py"}, "to see its length"


def test_what_proves_who_one_is_lies_where_the_door_alone_reaches() -> None:
    """ASVS V6.7.1: nobody else may change a passkey's public half, or put another beside it."""
    may_write = {
        login
        for name in ("passkey", "authenticator", "recovery_code", "credential")
        for login, way in TABLES[name].ways.items()
        if way.adds or way.changes or way.deletes
    }

    assert may_write == {Login.DOOR}


def test_an_address_that_a_client_names_for_itself_is_not_believed() -> None:
    """ASVS V15.3.4: only what the connection says counts, and a proxy that the operator lists in uvicorn's setting."""

    def asked(**headers: str) -> Request[Any, Any, Any]:
        return RequestFactory().post("/sign-in", headers={name.replace("_", "-"): one for name, one in headers.items()})

    plain = address_of(asked(), "secret")
    named = {
        address_of(asked(**{name: "203.0.113.9"}), "secret") for name in ("X_Forwarded_For", "X_Real_IP", "Forwarded")
    }

    assert named == {plain}


def _writes(call: Any) -> bool:
    modes = [one.value for one in call.args if hasattr(one, "value") and isinstance(one.value, str)]
    return any(set(mode) & set("wax") and len(mode) <= 3 for mode in modes)
