"""The lessons as web pages: whole, readable from a file, and fetching nothing from anywhere."""

import html
import re
import sys
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import nbformat
import pytest
import yaml
from typer.testing import CliRunner

from course.authoring.source import BEGIN, END
from course.cli import app
from course.exercises import EXERCISES
from course.lessons import LESSONS, ROOT
from course.site.folder import WRITTEN, claim, write
from course.site.pages import pages
from course.site.prose import prose
from course.trouble import Trouble

NOTEBOOKS = sorted((ROOT / "solutions").glob("*.ipynb"))
LESSON_PAGES = [f"{path.stem}.html" for path in NOTEBOOKS]
LOADING = {"img", "script", "link", "iframe", "source", "video", "audio", "embed", "object"}


class Page(HTMLParser):
    """What a page is made of: its elements, its text, and the text of some of its elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []  # the words of prose, outside code and scripts
        self.inside: Counter[str] = Counter()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, {name: value or "" for name, value in attributes}))
        self.inside[tag] += 1

    def handle_endtag(self, tag):
        self.inside[tag] -= 1

    def handle_data(self, data):
        if not any(self.inside[tag] for tag in ("code", "pre", "script", "style")):
            self.words.append(data)

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Path, str]:
    """A folder in which the command has built the site, and what it said."""
    folder = tmp_path_factory.mktemp("built") / "site"
    done = CliRunner().invoke(app, ["site", "--no-lab", "--out", str(folder)])
    assert done.exit_code == 0, done.output
    return folder, done.output


@pytest.fixture(scope="module")
def files(built) -> dict[str, bytes]:
    folder, _ = built
    return {name: (folder / name).read_bytes() for name in contents(folder) - {WRITTEN}}


def contents(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def parsed(files) -> dict[str, Page]:
    return {name: Page(text.decode()) for name, text in files.items() if name.endswith(".html")}


# --- Whole ----------------------------------------------------------------------------------------


def test_there_is_a_page_for_each_lesson(files):
    assert len(LESSON_PAGES) == len(LESSONS)
    assert {"index.html", "stepper.html", *LESSON_PAGES} <= set(files)


def test_pages_alone_need_nothing_else(built, files):
    folder, _ = built
    assert not (folder / "lab").exists()
    assert "Do it here" not in files["index.html"].decode()


def test_every_link_and_every_anchor_resolves(files, parsed):
    anchors = {
        name: {a["id"] for _, a in page.elements if "id" in a} for name, page in parsed.items()
    }
    for name, page in parsed.items():
        for attributes in page.all("a", "link", "img"):
            address = attributes.get("href") or attributes["src"]
            parts = urlsplit(address)
            if parts.scheme:
                continue
            target = unquote(parts.path) or name
            assert target in files, (name, address)
            assert not parts.fragment or parts.fragment in anchors[target], (name, address)


def test_every_lesson_is_reached_from_every_page(parsed):
    for name, page in parsed.items():
        reached = {attributes.get("href") for attributes in page.all("a")}
        assert {"index.html", "stepper.html", *LESSON_PAGES} <= reached, name


def test_nothing_is_loaded_from_outside(files, parsed):
    for name, page in parsed.items():
        for tag, attributes in page.elements:
            assert "srcset" not in attributes
            addresses = [attributes.get("src", "")]
            if tag in LOADING:
                addresses += [attributes.get(key, "") for key in ("href", "data")]
            for address in addresses:
                assert urlsplit(address).scheme in ("", "data"), (name, address)
            style = attributes.get("style", "")
            assert "url(" not in style, (name, style)
    for name, content in files.items():
        if name.endswith((".html", ".css")):
            assert not re.search(rb"@import|url\(['\"]?(?!data:)", content), name


def test_every_picture_of_the_lessons_is_there_with_its_words(files, parsed):
    for path, name in zip(NOTEBOOKS, LESSON_PAGES, strict=True):
        wanted = Counter(
            words
            for cell in nbformat.read(path, as_version=4).cells
            if cell.cell_type == "code" and not cell.source.startswith("progress()")
            for output in cell.outputs
            for words in re.findall(
                r'<img alt="([^"]+)"', output.get("data", {}).get("text/html", "")
            )
        )
        assert wanted
        shown = parsed[name].all("img")
        page = Page("".join(f'<img alt="{words}">' for words in wanted.elements()))
        assert Counter(a["alt"] for a in shown) == Counter(a["alt"] for a in page.all("img"))
        assert all(files[a["src"]].startswith(b"\x89PNG") for a in shown)
    covers = [a["src"] for a in parsed["index.html"].all("img") if a["src"] in files]
    assert len(covers) == len(LESSONS)


def test_a_picture_wider_than_a_telephone_scrolls_by_itself_and_a_cover_shrinks(files):
    text = "".join(files[name].decode() for name in ("index.html", *LESSON_PAGES))
    framed = Counter(re.findall(r'<div class="([\w-]+)"[^>]*>\s*<img [^>]*min-width', text))
    assert set(framed) == {"wide", "stepper-place"}
    assert framed.total() == len(re.findall("<img [^>]*min-width", text))


def test_the_site_is_small_enough_to_send(files):
    megabytes = sum(map(len, files.values())) / 1e6
    heaviest = max((len(content), name) for name, content in files.items())
    print(f"{len(files)} files, {megabytes:.1f} MB, the largest {heaviest[1]}")
    assert megabytes < 8, heaviest
    assert heaviest[0] < 600_000, heaviest


# --- Formulas -------------------------------------------------------------------------------------

FORMULA = re.compile(r"(?s)\$\$.+?\$\$|\$[^$]+\$")


def formulas() -> list[str]:
    """Every formula of the lessons."""
    found = []
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                found += FORMULA.findall(re.sub(r"(?s)```.*?```|`[^`]*`", "", cell.source))
    return found


def test_every_formula_becomes_mathml_with_nothing_left_of_tex():
    found = formulas()
    assert len(found) > 50
    for formula in found:
        made, _ = prose(formula)
        trees = [ElementTree.fromstring(math) for math in re.findall(r"<math.*?</math>", made)]
        assert trees, formula
        text = "".join("".join(tree.itertext()) for tree in trees)
        assert text.strip()
        assert not re.search(r"[\\${}&^]", text), (formula, text)
        assert not re.search(r"<merror|\$", made), formula


def test_no_formula_is_left_raw_on_a_page(parsed):
    for name, page in parsed.items():
        assert not FORMULA.search(" ".join(page.words)), name
    shown = sum(len(page.all("math")) for page in parsed.values())
    assert shown >= len(formulas())


def test_a_formula_says_what_its_tex_says():
    made, _ = prose(r"$$\text{pool\_size} = 1{,}600$$")
    assert re.sub("<.+?>", "", made).strip() == "pool_size&#x0003D;1,600"


def test_a_sign_stands_at_its_number_and_a_minus_between_two():
    made, _ = prose(r"$2 \cdot (-1) - (a) - b$ $= -5$")
    assert re.findall(r"<mo([^>]*)>&#x02212;", made) == [' form="prefix"', "", "", ' form="prefix"']


def test_each_card_says_what_its_lesson_is_about(files):
    cards = re.findall(r"(?s)<li data-number=.*?</li>", files["index.html"].decode())
    assert len(cards) == len(LESSONS)
    for card, lesson in zip(cards, LESSONS.values(), strict=True):
        lead = html.unescape(re.findall(r"(?s)<p>(.*?)</p>", card)[-1])
        assert not set("*`") & set(lead), lead
        source = lesson.source().read_text(encoding="utf-8").removeprefix("# %% [markdown]\n")
        text = " ".join(re.sub(r"\n?# ", " ", source).split())
        assert " ".join(lead.split()).startswith(text[: text.index(". ") + 1]), lead


# --- Reading --------------------------------------------------------------------------------------


def test_an_answer_is_folded_away_below_the_empty_cell(files):
    for key, exercise in EXERCISES.items():
        page = files[LESSON_PAGES[exercise.lesson - 1]].decode()
        section = re.search(
            rf'(?s)<section class="exercise" id="exercise-{key}".*?</section>', page
        )
        assert section, key
        seen, answer = section[0].split("<details>")
        assert "YOUR CODE HERE" in seen
        assert "YOUR CODE HERE" not in answer
        assert answer.index("</summary>") < answer.index("<pre>")


def test_nothing_of_the_workshop_is_shown(files):
    for name in LESSON_PAGES:
        for workshop in (BEGIN, END, "google.colab", "badge", "progress()", "Stuck?", "solution()"):
            assert workshop not in files[name].decode(), (name, workshop)


def test_a_prediction_comes_before_its_result(files):
    page = files[LESSON_PAGES[0]].decode()
    asked = page.index("Do it once, before you run")
    assert "577" not in page[asked : page.index('<details class="result">', asked)]
    assert "<details open" not in page


def test_a_lesson_s_windows_move_where_they_stand(files):
    for number, name in enumerate(LESSON_PAGES, 1):
        text = files[name].decode()
        opened = nbformat.read(NOTEBOOKS[number - 1], as_version=4)
        wanted = sum("stepper-values" in str(cell.get("outputs")) for cell in opened.cells)
        page = Page(text)
        values = [a for a in page.all("script") if a.get("class") == "stepper-values"]
        assert len(values) == wanted, name
        assert len([a for a in page.all("script") if a.get("type") == "module"]) == (wanted > 0)
        assert "Run this cell" not in text
        assert text.count('<div class="stepper-place"><img ') == wanted


def test_the_module_that_moves_the_windows_is_on_a_page_once(files):
    for name, windows in (("index.html", 1), ("stepper.html", 6)):
        page = Page(files[name].decode())
        assert len([a for a in page.all("script") if a.get("class") == "stepper-values"]) == windows
        assert len([a for a in page.all("script") if a.get("type") == "module"]) == 1, name
        assert len(page.all("style")) == 2, name


def test_headings_are_in_order_and_each_page_has_its_landmarks(parsed):
    for name, page in parsed.items():
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
        assert levels.count(1) == 1, name
        assert levels[0] == 1, name
        assert all(b <= a + 1 for a, b in pairwise(levels)), name
        assert page.all("html") == [{"lang": "en"}]
        assert len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1
        assert page.all("a")[0]["href"] == f"#{page.all('main')[0]['id']}", "the skip link is first"
        names = [attributes["aria-label"] for attributes in page.all("nav")]
        assert len(set(names)) == len(names), name


def test_no_page_has_an_anchor_twice(parsed):
    for name, page in parsed.items():
        anchors = Counter(a["id"] for _, a in page.elements if "id" in a)
        assert max(anchors.values()) == 1, (name, anchors.most_common(1))


# --- Elsewhere ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_nbviewer_shows_the_figure_of_the_window_with_its_words_and_nothing_dead():
    from nbconvert import HTMLExporter  # slow to import

    text, _ = HTMLExporter().from_filename(str(NOTEBOOKS[0]))
    figures = {a.get("alt", ""): a["src"] for a in Page(text).all("img")}
    [window] = [alt for alt in figures if "577. It becomes row 1, column 1 of the 3 x 3" in alt]
    assert figures[window].startswith("data:image/png;base64,")
    assert "widget-view" not in text


def test_what_our_texts_link_to_and_picture_is_there():
    for name in ("README.md", "GRADING.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        titles = re.findall(r"(?m)^#+ (.+)", text)
        anchors = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}
        for address in re.findall(r'\]\(([^)\s]+)|(?:src|href)="([^"]+)"', text):
            parts = urlsplit("".join(address))
            if parts.scheme:
                continue
            assert (ROOT / unquote(parts.path)).exists(), (name, parts.path)
            assert parts.path or parts.fragment in anchors, (name, parts.fragment)


def test_the_readme_shows_every_picture_that_is_taken_of_the_course():
    shown = re.findall(r"pictures/([\w-]+)\.png", (ROOT / "README.md").read_text(encoding="utf-8"))
    taking = (ROOT / "tests" / "browser" / "screenshots.py").read_text(encoding="utf-8")
    assert sorted(shown) == sorted(re.findall(r'keep\("([\w-]+)"', taking))
    assert sorted(shown) == sorted(path.stem for path in (ROOT / "pictures").iterdir())


# --- The folder -----------------------------------------------------------------------------------


def test_a_new_site_takes_the_place_of_the_old_and_leaves_what_is_not_its_own(tmp_path):
    folder = tmp_path / "a" / "site"
    write(folder, {"index.html": b"old", "pictures/gone.png": b"gone"})
    (folder / "CNAME").write_text("mine")
    write(folder, {"index.html": b"new", "pictures/here.png": b"here"})
    assert (folder / "index.html").read_bytes() == b"new"
    assert contents(folder) == {"index.html", "pictures/here.png", "CNAME", WRITTEN}


def test_nothing_outside_the_folder_is_ever_deleted(tmp_path):
    folder, mine = tmp_path / "site", tmp_path / "mine"
    mine.touch()
    write(folder, {"index.html": b""})
    (folder / WRITTEN).write_text(f"index.html\n../mine\n{mine}\n")
    write(folder, {"index.html": b""})
    assert mine.exists()


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(Trouble, match=r"holds thesis\.tex.*course site --out FOLDER"):
        claim(tmp_path)
    assert contents(tmp_path) == {"thesis.tex"}


def test_a_file_and_a_place_that_can_not_be_written_are_refused(tmp_path):
    file = tmp_path / "site"
    file.write_text("mine")
    with pytest.raises(Trouble, match="is a file, and the site is a folder"):
        claim(file)
    with pytest.raises(Trouble, match=r"can't be written \(Not a directory\)"):
        claim(file / "site")
    assert file.read_text() == "mine"


def test_the_command_names_every_page_and_says_what_to_open(built, parsed):
    folder, said = built
    assert all(name in said for name in parsed)
    assert f"Open {folder}/index.html" in said.replace("\n", "")


def test_what_is_not_installed_is_said_in_a_sentence(tmp_path, monkeypatch):
    for module in ("pages", "lesson", "prose"):
        monkeypatch.delitem(sys.modules, f"course.site.{module}")
    monkeypatch.setitem(sys.modules, "latex2mathml.converter", None)
    done = CliRunner().invoke(app, ["site", "--no-lab", "--out", str(tmp_path / "site")])
    assert done.exit_code == 2
    assert "latex2mathml.converter is not installed. `make setup` brings it." in done.output
    assert not (tmp_path / "site").exists()


def test_a_damaged_notebook_is_named_with_what_to_do(course):
    course.solution.write_text("{")
    with pytest.raises(Exception, match=r"solutions/01_\w+\.ipynb can't be read.*course build"):
        pages(root=course.root)


# --- Publishing -----------------------------------------------------------------------------------


def test_publishing_uploads_the_folder_that_the_site_is_built_in(tmp_path, monkeypatch):
    text = (ROOT / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    steps = jobs["build"]["steps"]
    [at] = [n for n, step in enumerate(steps) if step.get("run") == ".venv/bin/course site"]
    upload = steps[at + 1]
    assert upload["uses"].startswith("actions/upload-pages-artifact@")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("course.site.pages.pages", lambda *given, **more: {"index.html": b""})
    assert CliRunner().invoke(app, ["site", "--no-lab"]).exit_code == 0
    assert (tmp_path / upload["with"]["path"] / "index.html").exists()

    assert jobs["publish"]["needs"] == "build"
    assert jobs["publish"]["steps"][-1]["uses"].startswith("actions/deploy-pages@")


def test_publishing_pins_every_action_and_asks_for_no_more_than_pages():
    text = (ROOT / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")
    actions = re.findall(r"uses: (\S+)(.*)", text)
    assert actions
    for action, comment in actions:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert "permissions" not in workflow["jobs"]["build"]
    assert workflow["jobs"]["publish"]["permissions"] == {"pages": "write", "id-token": "write"}
