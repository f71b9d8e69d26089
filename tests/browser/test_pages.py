"""The site in a real browser, from a folder, as one who was sent it would open it."""

from collections.abc import Iterator

import pytest
from accessible import inaccessible
from playwright.sync_api import Page, expect

from course.lessons import LESSONS
from course.site.folder import write
from course.site.pages import pages
from helpers import stepper


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the first page."""
    folder = tmp_path_factory.mktemp("a folder with spaces")
    write(folder, pages())
    return (folder / "index.html").as_uri()


def crawl(page: Page, index: str) -> Iterator[str]:
    """Open every page that links within the folder lead to; all of it must be there."""
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    waiting, seen = [index], set[str]()
    while waiting:
        page.goto(address := waiting.pop())
        yield address
        seen.add(address)
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href.split('#')[0])")
        waiting += {link for link in links if link.startswith("file:")} - {*seen, *waiting}
        missing = "[...document.images].filter(i => !i.complete || !i.naturalWidth).map(i => i.src)"
        assert page.evaluate(missing) == []
    assert len(seen) > len(LESSONS)
    assert all(url.startswith(("file:", "data:")) for url in requested)


@pytest.mark.parametrize(("theme", "width"), [("light", 1360), ("dark", 360)])
def test_everyone_can_read_every_page_with_no_network(page, index, theme, width):
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 740})
    for address in crawl(page, index):
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert inaccessible(page) == [], address


def test_paper_shows_results_and_keeps_answers_folded(page, index):
    page.goto(index.replace("index", "01_convolution_by_hand"))
    page.emulate_media(media="print", color_scheme="dark")
    result, answer = page.locator("details.result img"), page.locator(".exercise details pre")
    assert result.first.is_visible()
    assert not answer.first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_first_key_leads_past_the_navigation(page, index):
    page.goto(index)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("name", ["index", "stepper", "01_convolution_by_hand"])
def test_the_window_moves_without_python(page, index, name):
    page.goto(index.replace("index", name))
    window = page.get_by_role("group", name="convolution").first
    expect(window).to_contain_text("= 577")
    window.get_by_role("application").press("ArrowRight")
    expect(window).not_to_contain_text("= 577")
    page.get_by_label("flip").first.check()
    window.get_by_role("application").press("ArrowLeft")
    expect(window).to_contain_text("= 732")


def test_every_window_of_the_site_opens(page, index):
    page.goto(index.replace("index", "stepper"))
    expect(page.locator(".stepper")).to_have_count(6)


def test_a_second_piece_of_a_page_leaves_the_windows_of_the_first_as_they_are(page):
    add = "html => document.body.append(document.createRange().createContextualFragment(html))"
    page.evaluate(add, stepper.page(stepper.convolution()))
    page.get_by_role("application").press("ArrowUp")
    expect(page.locator(".sum")).to_contain_text("= −136")
    page.evaluate(add, stepper.page(stepper.pooling()))
    expect(page.locator(".stepper")).to_have_count(2)
    expect(page.locator(".sum").first).to_contain_text("= −136")
