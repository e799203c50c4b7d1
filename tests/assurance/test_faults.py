"""Known faults in locked packages: what was not answered is never taken for good news (`make audit`)."""

import json

from tools.faults import KNOWN, UNANSWERED, Fault, Heard, of_npm, of_python, verdict
from tools.sbom import bill

ASKED = ("httptools", "jinja2", "litestar")
SAID = {
    "dependencies": [
        {"name": "jinja2", "version": "2.0", "vulns": [{"id": "CVE-1", "fix_versions": ["2.1", "3.0"]}]},
        {"name": "litestar", "version": "2.25.0", "vulns": []},
        {"name": "httptools", "skip_reason": "Dependency not found on PyPI and could not be audited"},
    ]
}
NPM = {
    "auditReportVersion": 2,
    "vulnerabilities": {
        "htmx.org": {"via": [{"title": "Runs what it must not"}, "another"], "fixAvailable": True},
        "another": {"via": [{"title": "Is slow"}], "fixAvailable": False},
    },
}


def test_a_fault_that_is_known_is_named_with_what_mends_it() -> None:
    """V15.2.1's tool: it fails until the version is another."""
    python, npm = of_python(json.dumps(SAID), ASKED), of_npm(json.dumps(NPM), ["htmx.org"])

    assert python == Heard((Fault("jinja2", "CVE-1", "2.1, 3.0"),), ("httptools",))
    assert npm.faults == (
        Fault("htmx.org", "Runs what it must not", "another version"),
        Fault("another", "Is slow", "nothing yet"),
    )
    assert verdict([python, npm])[0] == KNOWN
    assert "jinja2: CVE-1, mended in 2.1, 3.0" in verdict([python])[1]


def test_no_answer_is_never_a_good_one() -> None:
    """pip-audit says that it found nothing, and npm gives an error: both are told, and the exit status is not 0."""
    for said in ("", "<html>", "[]", json.dumps({"message": "405 Method Not Allowed"}), json.dumps({"error": {}})):
        assert of_python(said, ASKED) == Heard((), ASKED)
        assert of_npm(said, ASKED) == Heard((), ASKED)
    code, lines = verdict([of_npm("", ASKED)])

    assert code == UNANSWERED
    assert lines[0] == "No answer about 3, so nothing is known of them: httptools, jinja2, litestar."


def test_all_answered_and_none_known_is_well() -> None:
    healthy = [{"name": name, "version": "1", "vulns": []} for name in ASKED]

    assert verdict([of_python(json.dumps({"dependencies": healthy}), ASKED)])[0] == 0
    assert {*ASKED, "htmx.org"} <= {one.name for one in bill().components}, "all of these are locked, and asked about"
