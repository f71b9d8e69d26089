"""One lock for everyone: the course's ranges, conda, Binder and continuous integration agree with it."""

import os
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / "requirements.txt").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def locked_versions() -> dict[str, list[Version]]:
    """Return the versions that the lock allows of each package, one for each kind of machine."""
    versions: dict[str, list[Version]] = defaultdict(list)
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", LOCK, re.MULTILINE):
        versions[canonicalize_name(name)].append(Version(version))
    return versions


def declared() -> list[str]:
    project = PROJECT["project"]
    extras = project["optional-dependencies"].values()
    built_with = PROJECT["build-system"]["requires"]
    return [*project["dependencies"], *(need for extra in extras for need in extra), *built_with]


@pytest.mark.parametrize("need", declared())
def test_every_dependency_is_locked_within_its_range(need: str) -> None:
    requirement = Requirement(need)
    versions = locked_versions()[canonicalize_name(requirement.name)]
    assert versions, f"{need} is not in requirements.txt: run `make lock`"
    assert all(version in requirement.specifier for version in versions)


def test_every_locked_package_has_hashes() -> None:
    blocks = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(blocks) > 100
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_lock_holds_no_address() -> None:
    assert "://" not in LOCK
    assert re.findall(r"^\s*--(?!hash=sha256:).*", LOCK, re.MULTILINE) == []
    assert re.findall(r"\b\w+\.(?:com|dev|io|net|org)\b", LOCK) == []


def test_conda_names_python_and_takes_the_rest_from_the_lock() -> None:
    python, pip, from_pip = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    name, version = python.split("=")
    assert name == "python"
    assert f"Programming Language :: Python :: {version}" in PROJECT["project"]["classifiers"]
    assert (pip, from_pip) == ("pip", {"pip": ["-r requirements.txt"]})


def test_binder_installs_the_course_beside_the_lock() -> None:
    script = ROOT / "postBuild"
    assert os.access(script, os.X_OK)
    assert "pip install --no-deps --no-build-isolation --editable ." in script.read_text()


def test_what_colab_has_satisfies_the_ranges() -> None:
    colab = (ROOT / "tests/colab/versions.txt").read_text()
    has = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", colab, re.MULTILINE))
    needs = [Requirement(need) for need in declared()]
    shared = [need for need in needs if need.name in has]
    assert len(shared) >= 9
    assert [str(need) for need in shared if has[need.name] not in need.specifier] == []


def test_the_address_of_the_course_stands_in_one_place() -> None:
    address = PROJECT["project"]["urls"]["Repository"].removeprefix("https://")
    for file in (".github/workflows/ci.yml", ".ci/run", "Makefile", "bootstrap.py", "LICENSE"):
        assert address not in (ROOT / file).read_text()


def test_actions_are_pinned_to_a_commit() -> None:
    workflow = (ROOT / ".github/workflows/ci.yml").read_text()
    uses = re.findall(r"uses: (.*)", workflow)
    assert uses
    assert [use for use in uses if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", use)] == []
