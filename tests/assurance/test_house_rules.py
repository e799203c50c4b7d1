"""What our own code never does, and where it does what is dangerous elsewhere: each place by name, with its reason."""

import ast
import re
from collections.abc import Callable, Iterator

import pytest
from litestar import Litestar
from sqlmodel import Session

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from tests.assurance.code import SOURCE, calls, importers_of, imports, trees
from tests.browsing import Browser
from tests.factories import UserFactory

Browse = Callable[[User | None], Browser]
OUR_OWN_WORDS = {
    "adapters/wall.py": "roles, tables and policies, all from bostad.zones; PostgreSQL takes no parameters there",
    "adapters/wall_check.py": "its own queries, with the ends that differ",
    "agreements/ledger.py": "one of the statements above it, chosen by what is counted",
    "agreements/loading.py": "the names of counted columns, a tuple of constants",
    "counties/loading.py": "one of two names of PostgreSQL's own locking functions",
    "cli/wall_bench.py": "a measurement of its own database",
}
"""Where a statement is put together, and from what: never from what somebody wrote."""
PROGRAMS = {
    "adapters/embedded.py": "the demo's servers",
    "adapters/guard.py": "the demo's servers, held by a pipe",
    "bench/running.py": "a solver in a process of its own",
    "cli/demo.py": "`bostad worker` and `bostad serve`",
}
NETWORK = {
    "adapters/embedded.py": "the servers that it started itself, on the loopback address",
    "cli/demo.py": "the demo's own pages, to see them up",
    "cli/wall_bench.py": "the demo's own pages, to measure them",
}
"""Who opens a connection that is not the database's or the queue's; none of them is loaded by `serve` or `worker`."""
PARSERS = {
    "csv": {"adapters/match_folder/tables.py", "adapters/match_folder/writing.py", "adapters/spreadsheets.py"}
    | {"cli/demo_example.py", "cli/incident.py", "web/readers.py"},
    "xml.parsers.expat": {"adapters/workbooks.py"},
    "python_calamine": {"adapters/workbooks.py"},
    "zipfile": {"adapters/workbooks.py"},
    "tomllib": {"needs/consent_text.py"},
}
"""One parser for each kind of file, and who reads with it. The rest is JSON, by `json` or by pydantic."""
INSECURE = ("pickle", "marshal", "shelve", "dill", "yaml", "jsonpickle", "xml.etree", "xml.dom", "xml.sax", "lxml")
PATTERNS = {"accounts/guessing.py": "letters and digits alone: `_words_in` leaves nothing else of a word"}


def test_no_statement_is_put_together_outside_a_list_with_reasons() -> None:
    """S73. ASVS V1.2.4: everything else goes through SQLAlchemy's expressions or takes parameters."""
    put_together = {
        name
        for name, called, call in calls()
        if called.rpartition(".")[2] in {"text", "exec_driver_sql", "literal_column"}
        and not _is_constant(call.args[:1])
    }

    assert put_together == OUR_OWN_WORDS.keys()


def test_programs_are_started_in_four_files_by_lists_of_words_and_never_by_the_web() -> None:
    """ASVS V1.2.5: no shell anywhere."""
    assert importers_of("subprocess") == PROGRAMS.keys()
    shell = [
        (name, called)
        for name, called, call in calls()
        if called in {"os.system", "os.popen"} or any(one.arg == "shell" for one in call.keywords)
    ]
    assert shell == []


def test_nothing_written_by_anybody_becomes_code_or_a_template() -> None:
    """ASVS V1.3.2, V1.3.7, V1.3.10: no eval, no template of a string, no format that somebody wrote."""
    made = {(name, called) for name, called, _ in calls() if called in {"eval", "exec", "compile", "__import__"}}
    templates = {name for name, called, _ in calls() if called in {"from_string", "Environment.from_string", "Markup"}}
    formats = {(name, called) for name, called, _ in calls() if called.endswith((".format", ".format_map"))}
    constant = {(name, called) for name, called in formats if called.split(".")[0].strip("_").isupper()}

    assert made == set()
    assert templates == set()
    assert formats - constant == {("needs/consent_text.py", "text.format")}, "a text of the package, with its own gaps"


def test_what_is_read_from_outside_is_read_by_one_parser_of_its_kind() -> None:
    """ASVS V1.5.2, V1.5.3: and none that makes objects of what it reads."""
    assert {name: importers_of(name) for name in PARSERS} == PARSERS
    assert importers_of(*INSECURE) == set()
    assert {one for _, one in imports() if one.split(".")[0] in {"ujson", "orjson", "simplejson", "msgspec"}} == set()


def test_text_in_files_has_a_named_encoding() -> None:
    """ASVS V1.5.3, V1.1.1: what a file says does not depend on whose computer it is read on."""
    unnamed = [
        (name, ast.unparse(call)[:80])
        for name, called, call in calls()
        if called.endswith(".open")
        and "os." not in called
        and not _is_binary(call)
        and not any(one.arg == "encoding" for one in call.keywords)
        and "packed" not in called
    ]

    assert unnamed == []


def test_the_service_asks_nobody_outside() -> None:
    """S59. ASVS V1.3.6, V1.3.11, V15.3.2, V4.2.5: no client of HTTP or mail in what serves and works.

    ASVS V6.3.6, V6.6.1, V6.6.2: so nothing that proves who one is goes by mail, telephone or any other way round.
    """
    clients = (
        "socket",
        "httpx",
        "http.client",
        "urllib.request",
        "requests",
        "aiohttp",
        "smtplib",
        "imaplib",
        "ftplib",
    )

    assert importers_of(*clients) == NETWORK.keys()
    assert importers_of("smtplib", "imaplib", "email") == set()
    reached = {
        one for name, one in imports() if name.startswith(("web/", "accounts/", "needs/", "placements/", "homes/"))
    }
    assert {one for one in reached if one.startswith(clients)} == set()


def test_no_pattern_is_made_of_what_somebody_wrote() -> None:
    """ASVS V1.2.9."""
    made = {
        name
        for name, called, call in calls()
        if called.startswith("re.") and called != "re.escape" and not _is_constant(call.args[:1])
    }
    assert made - {"accounts/proving.py"} == PATTERNS.keys()  # proving's holds the number of digits, a constant
    assert "_OTHER_SIGNS.split" in (SOURCE / "accounts" / "guessing.py").read_text()


def test_no_thread_shares_what_it_may_change() -> None:
    """ASVS V15.4.1: no `global`, no container of a module that is added to; what is shared is locked, or whole."""
    assert [name for name, tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Global)] == []
    assert sorted(_changed_in_place()) == []
    assert "with self._lock:" in (SOURCE / "web" / "pace.py").read_text()
    assert _assigned_after_init("Keyring", "sealing/keyring.py") == {"_keys"}, "replaced whole, by one assignment"


@pytest.mark.parametrize(
    "written", ["${7*7}", "{{ 7*7 }}", "<b>7</b>", "%(x)s {0}", "%c0%ae", "&lt;", "a%20b", "&amp;lt;"]
)
def test_what_is_written_comes_back_as_it_was_written(written: str, browse: Browse, rows: Session) -> None:
    """ASVS V1.1.1, V1.1.2, V1.2.1, V1.3.5, V1.3.7: decoded once, escaped once, and neither template nor markup."""
    user = UserFactory(role=Role.ADMINISTRATOR)
    page = browse(user).post("/users/new", username="x y", name=written, role="administrator")

    found = re.search(r'name="name"[^>]*value="([^"]*)"', page.text)
    assert found, page.text[:500]
    assert _unescaped(found[1]) == written
    assert "<b>" not in found[1]


def test_answers_carry_their_type_and_how_letters_are_written(app: Litestar, browse: Browse, rows: Session) -> None:
    """ASVS V4.1.1, V4.2.2: and their true length."""
    browser = browse(UserFactory())
    for path in ("/cases", "/no-such-page", "/health/live", "/accessibility"):
        answer = browser.get(path)
        assert answer.headers["content-type"].split("; ")[1] == "charset=utf-8", path
        assert int(answer.headers["content-length"]) == len(answer.content), path
        assert answer.headers.get_list("content-length") == [str(len(answer.content))]


def _unescaped(text: str) -> str:
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text


def _is_constant(arguments: list[ast.expr]) -> bool:
    return all(isinstance(one, ast.Constant) for one in arguments)


def _is_binary(call: ast.Call) -> bool:
    return any(isinstance(one, ast.Constant) and "b" in str(one.value) for one in call.args)


def _changed_in_place() -> Iterator[str]:
    changing = {"append", "add", "update", "pop", "clear", "setdefault", "extend", "insert", "remove", "discard"}
    for name, tree in trees():
        kept = {
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in changing:
                owner = node.func.value
                if isinstance(owner, ast.Name) and owner.id in kept:
                    yield f"{name}: {ast.unparse(node)[:60]}"


def _assigned_after_init(class_name: str, file: str) -> set[str]:
    tree = dict(trees())[file]
    (found,) = [one for one in tree.body if isinstance(one, ast.ClassDef) and one.name == class_name]
    methods = [one for one in found.body if isinstance(one, ast.FunctionDef) and one.name != "__init__"]
    return {
        node.attr
        for method in methods
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
