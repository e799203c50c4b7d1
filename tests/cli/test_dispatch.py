"""The command line loads what the command needs and nothing else."""

import json
import os
import pkgutil
import re
import subprocess
import sys

import pytest

from bostad import cli

PLAIN = {"PATH": os.environ["PATH"]}


def _bostad(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bostad.cli", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=PLAIN | environment)


def _loaded_by(*imports: str) -> set[str]:
    code = f"import sys, json, {', '.join(imports)}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=PLAIN)
    return set(json.loads(done.stdout))


def test_help_names_every_command_and_loads_none_of_them() -> None:
    done = _bostad("--help")

    assert done.returncode == 0
    assert [name for name in cli.COMMANDS if not re.search(rf"\n    {name}\s", done.stdout)] == []
    assert _loaded_by("bostad.cli") & {"litestar", "celery", "ortools", "numpy", "sqlalchemy"} == set()


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_is_a_module_that_explains_itself(name: str) -> None:
    done = _bostad(name, "--help")

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"usage: bostad {name}")


def test_every_module_with_a_parser_is_a_command() -> None:
    modules = (module for module in pkgutil.iter_modules(cli.__path__) if module.name != "__main__")
    found = [one.name for one in modules if "add_parser" in vars(__import__(f"bostad.cli.{one.name}", fromlist="x"))]

    assert {name.replace("_", "-") for name in found} == set(cli.COMMANDS)


def test_matching_does_not_load_the_web_or_the_database() -> None:
    assert _loaded_by("bostad.cli.match") & {"litestar", "celery", "sqlalchemy", "redis", "jinja2"} == set()


def test_serving_does_not_load_the_solver_or_the_queue() -> None:
    loaded = _loaded_by("bostad.cli.serve", "bostad.app")

    assert "litestar" in loaded
    assert loaded & {"ortools", "celery"} == set()


def test_unsafe_settings_are_one_line_that_names_every_fault() -> None:
    done = _bostad("serve", BOSTAD_SECRET="short", BOSTAD_PORT="http")

    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    for name in (
        "BOSTAD_DOOR_DATABASE_URL",
        "BOSTAD_HOUSING_DATABASE_URL",
        "BOSTAD_REDIS_URL",
        "BOSTAD_SECRET",
        "BOSTAD_HOSTS",
        "BOSTAD_PORT",
    ):
        assert name in line


def test_an_unknown_command_is_refused() -> None:
    done = _bostad("build")

    assert done.returncode == 2
    assert "invalid choice: 'build'" in done.stderr
