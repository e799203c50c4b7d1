"""An installed wheel is whole: templates, migrations, assets and translations come with it."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

LOOK = """
import json
from pathlib import Path
from bostad import resources
from bostad.resources import resource
from jinja2 import Environment, FileSystemLoader

manifest = json.loads((resource("static") / "manifest.json").read_text())
environment = Environment(loader=FileSystemLoader(resource("templates")), autoescape=True)
print(json.dumps({
    "package": resources.__file__,
    "templates": environment.list_templates(extensions=["html"]),
    "migrations": sorted(file.name for file in (resource("migrations") / "versions").glob("*.py")),
    "examples": sorted(folder.name for folder in resource("examples").iterdir()),
    "hidden": sorted({str(file) for file in Path(resources.__file__).parent.rglob(".*")}),
    "missing assets": [name for name in manifest.values() if not (resource("static") / name).is_file()],
    "translations": [str(file.relative_to(resource("locale"))) for file in resource("locale").rglob("*.mo")],
}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a wheel, install it alone in a new environment, and lend that the packages of this one."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)], folder)
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv" / "bin" / "python"
    (wheel,) = folder.glob("*.whl")
    _run([*pip, "--python", str(python), "install", "--no-deps", str(wheel)], folder)
    site = _run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).strip()
    Path(site, "borrowed.pth").write_text("\n".join(_borrowed()) + "\n")
    return python


@pytest.mark.slow
def test_a_wheel_holds_what_the_house_reads(installed: Path, tmp_path: Path) -> None:
    """ASVS V15.2.3, V13.4.1: and nothing of the repository, of tests, or of whoever built it."""
    seen = _json(_run([str(installed), "-c", LOOK], tmp_path))

    assert str(ROOT / "src") not in str(seen["package"])
    assert seen["templates"] == sorted(
        str(file.relative_to(ROOT / "templates")) for file in (ROOT / "templates").rglob("*.html")
    )
    assert seen["migrations"] == sorted(file.name for file in (ROOT / "migrations" / "versions").glob("*.py"))
    assert "sundsvall" in _texts(seen["examples"])
    assert seen["missing assets"] == []
    assert seen["hidden"] == []
    assert _texts(seen["translations"]) == ["sv/LC_MESSAGES/bostad.mo"]


@pytest.mark.slow
def test_the_installed_command_runs(installed: Path, tmp_path: Path) -> None:
    command = installed.with_name("bostad")

    assert _run([str(command), "--version"], tmp_path).startswith("bostad ")
    assert "PLACED" in _run(
        [str(command), "match", str(ROOT / "examples" / "sundsvall"), "--date", "2026-11-21"], tmp_path
    )


def _borrowed() -> list[str]:
    """Name this environment's folders of packages; the editable bostad in them is a .pth file, which .pth ignores."""
    return sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})


def _run(command: list[str], folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _json(text: str) -> dict[str, object]:
    seen: dict[str, object] = json.loads(text)
    return seen


def _texts(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(one) for one in value]
