"""Publishing: a fork is enough, and a release is a few commands; both as they are written down."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from once import files
from typer.testing import CliRunner

from course.authoring import links, publishing
from course.authoring.notebooks import CannotBuild, stale
from course.cli import app
from course.lessons import ROOT
from course.work import folder

TEXT = (ROOT / "GRADING.md").read_text(encoding="utf-8")
WRITTEN = 'Repository = "https://github.com/someone/a-course"'


def git(where: Path, *words: str) -> str:
    """Run git in a folder, as somebody."""
    somebody = ("-c", "user.name=A Teacher", "-c", "user.email=teacher@example.org")
    done = subprocess.run(
        ["git", *somebody, "-C", str(where), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def repository(course):
    """The small course, committed."""
    git(course.root, "init", "-q")
    git(course.root, "add", ".")
    git(course.root, "commit", "-q", "-m", "One")
    return course.root


def version(root: Path, number: str) -> links.Home:
    """Let pyproject.toml have another version."""
    path = root / "pyproject.toml"
    text = re.sub('version = ".*"', f'version = "{number}"', path.read_text("utf-8"))
    path.write_text(text, encoding="utf-8")
    return links.home(root)


# --- The address ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        "https://github.com/Ada/the-course",
        "https://github.com/Ada/the-course.git",
        "https://github.com/Ada/the-course/",
        "http://www.github.com/Ada/the-course",
        "github.com/Ada/the-course",
        "git@github.com:Ada/the-course.git",
        "ssh://git@github.com/Ada/the-course.git",
        "https://token@github.com/Ada/the-course",
    ],
)
def test_an_address_is_taken_in_every_way_that_it_is_written(course, given):
    assert publishing.move(course.root, given) == "https://github.com/Ada/the-course"
    assert links.home(course.root).address == "https://github.com/Ada/the-course"


def test_a_remote_is_taken_by_its_name(repository):
    git(repository, "remote", "add", "origin", "git@github.com:Ada/the-course.git")
    assert publishing.move(repository, "origin") == "https://github.com/Ada/the-course"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("origin", "git knows no remote 'origin' here"),
        ("elsewhere", "The address of the remote 'elsewhere' is 'https://gitlab.com/a/b'"),
        ("https://gitlab.com/a/b", "The address is 'https://gitlab.com/a/b'"),
        ("https://github.com/Ada", "https://github.com/OWNER/NAME"),
        ("https://github.com.example.org/a/b", "https://github.com/OWNER/NAME"),
        ("https://github.com/a/b c", "https://github.com/OWNER/NAME"),
    ],
)
def test_another_address_is_told_and_nothing_is_written(repository, given, said):
    git(repository, "remote", "add", "elsewhere", "https://gitlab.com/a/b")
    with pytest.raises(CannotBuild, match=re.escape(said)):
        publishing.move(repository, given)
    assert WRITTEN in (repository / "pyproject.toml").read_text(encoding="utf-8")


def test_what_is_no_repository_has_no_remotes_even_inside_of_another(repository, tmp_path):
    inner = repository / "copied"
    inner.mkdir()
    shutil.copy(repository / "pyproject.toml", inner)
    git(repository, "remote", "add", "origin", "git@github.com:Ada/the-course.git")
    with pytest.raises(CannotBuild, match="git knows no remote"):
        publishing.move(inner, "origin")


def test_the_command_says_in_a_sentence_what_it_can_not_use(repository, monkeypatch):
    monkeypatch.setattr(folder, "ROOT", repository)
    for given in ("https://example.org/a/b", ""):
        done = CliRunner().invoke(app, ["build", "--repository", given])
        assert done.exit_code == 2
        assert f"The address is {given!r}." in done.output
        assert "like https://github.com/OWNER/NAME." in done.output


# --- The tag --------------------------------------------------------------------------------------


def test_a_version_older_than_the_newest_tag_is_stale(repository, executed):
    git(repository, "tag", "v1.2.3")
    git(repository, "tag", "v1.10.0")
    git(repository, "tag", "very-old")
    (told,) = publishing.behind(repository, links.home(repository))
    assert "version is 1.2.3" in told and "v1.10.0 is tagged" in told
    assert told in stale(repository)
    assert list(publishing.behind(repository, version(repository, "1.10.0"))) == []


def test_a_tag_of_another_branch_makes_nothing_stale(repository):
    git(repository, "checkout", "-q", "-b", "next")
    git(repository, "commit", "-q", "--allow-empty", "-m", "Two")
    git(repository, "tag", "v2.0.0")
    git(repository, "checkout", "-q", "-")
    assert list(publishing.behind(repository, links.home(repository))) == []


def test_a_version_that_is_not_tagged_is_remarked_with_the_command_that_tags_it(repository):
    (told,) = publishing.remarks(repository, links.home(repository))
    assert "v1.2.3 is not tagged" in told and "git push origin v1.2.3" in told
    git(repository, "tag", "v1.2.3")
    assert list(publishing.remarks(repository, links.home(repository))) == []
    (told,) = publishing.remarks(repository, version(repository, "1.3.0"))
    assert "v1.3.0 is not tagged" in told and "the newest tag is v1.2.3" in told


def test_a_clone_of_one_commit_that_knows_no_tags_says_nothing_of_them(repository, tmp_path):
    git(tmp_path, "clone", "-q", "--depth", "1", repository.as_uri(), "shallow")
    assert list(publishing.remarks(tmp_path / "shallow", links.home(repository))) == []


def test_an_origin_elsewhere_than_the_links_is_remarked(repository):
    git(repository, "tag", "v1.2.3")
    git(repository, "remote", "add", "origin", "https://github.com/Ada/the-course")
    (told,) = publishing.remarks(repository, links.home(repository))
    assert "https://github.com/Ada/the-course" in told and "--repository origin" in told
    git(repository, "remote", "set-url", "origin", "git@github.com:Someone/a-course.git")
    assert list(publishing.remarks(repository, links.home(repository))) == []


# --- A class --------------------------------------------------------------------------------------


def test_what_a_class_hands_in_and_its_grades_are_in_no_commit_of_a_fork():
    told = TEXT + (ROOT / "README.md").read_text("utf-8")
    written = set(re.findall(r"course grade(?:scope)? .*--out ([\w.]+)", told))
    read = set(re.findall(r"course grade (\w+) |--roster ([\w.]+)`", told))
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    names = written | {"".join(one) for one in read}
    assert names >= {"report", "autograder.zip", "class", "class.csv"}
    assert {name for name in names if not {f"/{name}", f"/{name}/"} & {*ignored}} == set()


# --- A fork, by the five steps of GRADING.md ------------------------------------------------------


@pytest.fixture(scope="module")
def fork(tmp_path_factory) -> Path:
    """A teacher's clone of a fork, whose place on GitHub is a folder here; the class is a small one."""
    here = tmp_path_factory.mktemp("fork")
    there, clone = here / "github.git", here / "the-course"
    git(here, "init", "-q", "--bare", str(there))
    for file in files():
        place = file.relative_to(ROOT)
        if not place.is_relative_to("examples/class") or place.parts[2] in ("pine", "poplar"):
            (clone / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, clone / place)
    git(here, "init", "-q", str(clone))
    git(clone, "add", ".")
    git(clone, "commit", "-q", "-m", "As it was forked")
    address = "https://github.com/Ada/the-course"
    git(clone, "remote", "add", "origin", address)
    git(clone, "config", f"url.{there.as_uri()}.insteadOf", address)
    git(clone, "config", "user.name", "Ada")
    git(clone, "config", "user.email", "ada@example.org")
    command = clone / ".venv" / "bin" / "course"
    command.parent.mkdir(parents=True)
    run = shlex.join([sys.executable, "-m", "course.cli"])
    command.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(clone))} exec {run} "$@"\n')
    command.chmod(0o755)
    return clone


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bwrap") is None, reason="the cage is made with bubblewrap")
def test_the_five_steps_to_teach_with_a_fork(fork, tmp_path):
    steps = TEXT.split("## Teach with your fork")[1].split("\n## ")[0]
    commands = re.findall(
        r"`((?:git|\.venv/bin/course) [^`]+)`", steps.split("\n`--repository`")[0]
    )
    assert len(commands) == 6, commands
    version = links.home(ROOT).tag
    for command in commands:
        done = subprocess.run(
            command, shell=True, cwd=fork, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"

    old, new = "OWNER/convolutions-course", "Ada/the-course"
    for name in git(fork, "ls-files", "*.md", "notebooks", "solutions", "examples/*.yml").split():
        text = (fork / name).read_text(encoding="utf-8")
        assert old not in text, name
        if name.startswith("notebooks/"):
            assert f"https://colab.research.google.com/github/{new}/blob/{version}/{name}" in text
            assert f'\\"https://github.com/{new}\\"' in text  # the cell for Colab
    assert "https://ada.github.io/the-course/" in (fork / "README.md").read_text(encoding="utf-8")
    assert git(fork, "ls-remote", "origin", f"refs/tags/{version}")
    assert (fork / "report" / "index.html").exists()

    check = subprocess.run(
        [".venv/bin/course", "build", "--check"],
        cwd=fork,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.stdout == "Every notebook is up to date.\n", check.stdout + check.stderr
    site = [".venv/bin/course", "site", "--no-lab", "--out", str(tmp_path / "site")]
    subprocess.run(site, cwd=fork, capture_output=True, check=True)
    index = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert f"https://github.com/{new}" in index and old not in index


# --- A release ------------------------------------------------------------------------------------


def release(tmp_path: Path, changelog: str, tag: str) -> subprocess.CompletedProcess[str]:
    """Ask for the notes of a tag, where the version is 0.2.0."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "notes", tmp_path / ".ci" / "notes")
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "0.2.0"\n', encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    notes = [sys.executable, str(tmp_path / ".ci" / "notes"), tag]
    return subprocess.run(notes, capture_output=True, text=True, check=False)


CHANGELOG = "# Changelog\n\n## Unreleased\n\n## 0.2.0\n\n- New.\n\n## 0.1.0\n\n- Old.\n"


def test_the_notes_of_a_release_are_what_the_changelog_says_of_it(tmp_path):
    done = release(tmp_path, CHANGELOG, "v0.2.0")
    assert (done.returncode, done.stdout) == (0, "- New.\n")


@pytest.mark.parametrize(
    ("changelog", "tag", "said"),
    [
        (CHANGELOG, "v0.3.0", "The tag is v0.3.0, and pyproject.toml has version 0.2.0"),
        (CHANGELOG, "0.2.0", "v0.2.0 is its tag"),
        (CHANGELOG.replace("- New.\n", ""), "v0.2.0", 'nothing below "## 0.2.0"'),
        (CHANGELOG.replace("## 0.2.0", "## 0.2.01"), "v0.2.0", 'nothing below "## 0.2.0"'),
    ],
)
def test_a_tag_that_is_no_release_is_told_why(tmp_path, changelog, tag, said):
    done = release(tmp_path, changelog, tag)
    assert done.returncode == 1 and done.stdout == ""
    assert said in done.stderr and "Traceback" not in done.stderr


WORKFLOW = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
JOBS = yaml.safe_load(WORKFLOW)["jobs"]


def test_a_release_is_tested_before_anything_is_made_of_it():
    runs = [step.get("run", "") for step in JOBS["make"]["steps"]]
    notes, tests, made = (
        next(place for place, run in enumerate(runs) if words in run)
        for words in (".ci/notes", ".ci/run", "hatchling build")
    )
    assert notes < tests < made
    assert JOBS["publish"]["needs"] == "make"
    # Whatever the tests run, it is not with the right to write.
    assert yaml.safe_load(WORKFLOW)["permissions"] == {"contents": "read"}
    assert "permissions" not in JOBS["make"]


def test_every_action_of_a_release_is_pinned():
    uses = re.findall(r"uses: (.*)", WORKFLOW)
    assert [use for use in uses if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", use)] == []
    assert len(uses) == 5


@pytest.mark.slow
def test_the_steps_of_a_release_make_what_is_published(fork, tmp_path):
    """The workflow's own steps, with stand-ins for `gh` and for a site that takes long to make."""
    work = tmp_path / "work"
    shutil.copytree(fork, work, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    tag = links.home(work).tag
    changes = work / "CHANGELOG.md"
    text = changes.read_text(encoding="utf-8")
    changes.write_text(text.replace("## Unreleased", f"## {tag[1:]}"), encoding="utf-8")
    programs = work / ".venv" / "bin"
    (programs / "python").symlink_to(sys.executable)
    (programs / "hatchling").write_text(f'#!/bin/sh\nexec {sys.executable} -m hatchling "$@"\n')
    (programs / "course").write_text("#!/bin/sh\nmkdir site && echo made > site/index.html\n")
    (programs / "gh").write_text('#!/bin/sh\necho "$@" > published.txt\nls dist >> published.txt\n')
    for program in ("hatchling", "course", "gh"):
        (programs / program).chmod(0o755)
    variables = {
        **os.environ,
        "GITHUB_REF_NAME": tag,
        "GITHUB_REPOSITORY": "Ada/the-course",
        "PATH": os.pathsep.join([str(programs), os.environ["PATH"]]),
    }
    steps = [step for job in JOBS.values() for step in job["steps"]]
    for step in steps:
        words = step.get("run", "")
        if any(one in words for one in (".ci/notes", "hatchling", "gh release")):
            done = subprocess.run(
                ["bash", "-e", "-c", words],
                cwd=work,
                env=variables,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
    published = (work / "published.txt").read_text(encoding="utf-8")
    assert f"release create {tag} --repo Ada/the-course" in published
    assert f"convolutions_course-{tag[1:]}-py3-none-any.whl" in published
    assert (work / "dist" / "notes.md").read_text(encoding="utf-8").startswith("### Added")
