"""Ask the services that know about faults in published packages about every locked one (`make audit`).

Of Python's packages pip-audit asks, of the browser's npm; both send names and versions, and nothing else. Exit status:
0 when each has an answer and none a known fault, 1 when some have one, 2 when some have no answer. No answer is never
taken for a good one: pip-audit itself says "no known vulnerabilities" of packages that nobody has told it anything of.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.sbom import ROOT, bill

PIP, NPM = "pkg:pypi/", "pkg:npm/"
KNOWN, UNANSWERED = 1, 2


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that is known in a package that is locked."""

    package: str
    name: str
    mended_in: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What the services said of some packages."""

    faults: tuple[Fault, ...]
    unanswered: tuple[str, ...]
    """The packages that nothing was said of."""


def of_python(said: str, asked: Collection[str]) -> Heard:
    """Read pip-audit's answer, as JSON, about packages of these names."""
    told = {one["name"]: one for one in _read(said).get("dependencies", []) if "skip_reason" not in one}
    faults = (
        Fault(name, fault["id"], ", ".join(fault["fix_versions"]) or "nothing yet")
        for name, one in told.items()
        for fault in one["vulns"]
    )
    return Heard(tuple(faults), tuple(sorted(set(asked) - told.keys())))


def of_npm(said: str, asked: Collection[str]) -> Heard:
    """Read npm's answer, as JSON: it is about all of the lock, or about nothing."""
    answer = _read(said)
    if "auditReportVersion" not in answer:
        return Heard((), tuple(sorted(asked)))
    return Heard(tuple(_npms(answer["vulnerabilities"])), ())


def verdict(heard: Sequence[Heard]) -> tuple[int, list[str]]:
    """Give the exit status, and the lines that say why."""
    faults = [fault for one in heard for fault in one.faults]
    unanswered = [name for one in heard for name in one.unanswered]
    lines = [f"{one.package}: {one.name}, mended in {one.mended_in}" for one in faults]
    if unanswered:
        lines.append(f"No answer about {len(unanswered)}, so nothing is known of them: {', '.join(unanswered)}.")
    lines.append(f"Known faults: {len(faults)}. How soon each is to be mended: SECURITY.md.")
    return KNOWN if faults else UNANSWERED if unanswered else 0, lines


def _npms(found: Mapping[str, Any]) -> Iterator[Fault]:
    for name, about in found.items():
        mended = "another version" if about["fixAvailable"] else "nothing yet"
        yield from (Fault(name, one["title"], mended) for one in about["via"] if isinstance(one, dict))


def _read(said: str) -> dict[str, Any]:
    try:
        answer = json.loads(said)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _ask_pip_audit(program: str, versions: Mapping[str, str]) -> Heard:
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirements.txt"
        wanted.write_text("".join(f"{name}=={version}\n" for name, version in versions.items()), encoding="utf-8")
        words = ["--requirement", str(wanted), "--disable-pip", "--no-deps", "--format", "json"]
        words.append("--progress-spinner=off")
        asked = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    if not _read(asked.stdout):
        print(asked.stderr, file=sys.stderr)
    return of_python(asked.stdout, versions.keys())


def _ask_npm(names: Collection[str]) -> Heard:
    words = [sys.executable, str(ROOT / "assets" / "build.py"), "audit"]
    asked = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False)
    return of_npm(asked.stdout, names)


def main(program: str, only: Sequence[str]) -> int:
    """Ask about every locked package, or about those that are named alone, and say what was heard."""
    locked = [(str(one.purl), one.name, str(one.version)) for one in bill().components]
    wanted = [one for one in locked if not only or one[1] in only]
    python = {name: version for purl, name, version in wanted if purl.startswith(PIP)}
    npm = [name for purl, name, _ in wanted if purl.startswith(NPM)]
    heard = [*([_ask_pip_audit(program, python)] if python else []), *([_ask_npm(npm)] if npm else [])]
    code, lines = verdict(heard)
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
