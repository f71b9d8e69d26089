"""A day with the course in a tab: by the keyboard, with several lessons, and cut short."""

import subprocess
from pathlib import Path

from accessible import inaccessible
from chromium import FLAGS, PATIENCE, program
from playwright.sync_api import Browser, Page, expect
from running import KERNEL, LONG, NOTEBOOK, execute, open_lesson, ready, write
from watching import SIZE, watch

from course.lessons import LESSONS

ACTIVE = "window.jupyterapp.shell.currentWidget.content.activeCell.model.id"
CHECK = "from course import check"
HORIZONTAL = f"{CHECK}\ncheck.horizontal_kernel([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])"
RELU = "def relu(values):\n    return values * (values > 0)"
THERE = """async (path) => {
    const { contents } = window.jupyterapp.serviceManager;
    const { cells } = (await contents.get(path, { content: true })).content;
    return Object.fromEntries(cells.map(({ id, source }) => [id, [source].flat().join("")]));
}"""
OPEN = """async (path) => {
    await window.jupyterapp.commands.execute("docmanager:open", { path });
}"""
# Neither is waited for.
SAVE_AND_CHECK = f"""([id, source, code]) => {{
    {NOTEBOOK}.model.sharedModel.cells.find((cell) => cell.id === id).setSource(source);
    {KERNEL}.requestExecute({{ code }});
    {NOTEBOOK}.save();
}}"""

# What JupyterLab itself has; what a lesson shows has none of it.
OF_JUPYTERLAB = {"aria-allowed-attr", "aria-input-field-name", "aria-required-children"}


class Home:
    """A browser that keeps what it has in a folder, started again and again."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.kind, self.folder = browser.browser_type, folder

    def start(self) -> tuple[Page, list[str]]:
        """Start it; give a page and the list of its trouble."""
        context = self.kind.launch_persistent_context(
            self.folder, executable_path=program(self.kind), args=FLAGS, viewport=SIZE
        )
        context.set_default_timeout(PATIENCE)
        return context.new_page(), watch(context)

    def kill(self) -> None:
        """End it as a machine does that loses its power."""
        subprocess.run(["pkill", "-KILL", "-f", "--", f"--user-data-dir={self.folder}"], check=True)


def press_until(page: Page, key: str, there: str) -> None:
    """Press a key again and again, until something is true of the page."""
    for _ in range(60):
        page.keyboard.press(key)
        if page.evaluate(there):
            return
    raise AssertionError(f"{key} does not lead to where {there}")


def answer(page: Page, lines: tuple[str, str]) -> None:
    """Type an answer to the cell where one is, and run it and its check."""
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("\n".join(lines))
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")


def by_the_keyboard(page: Page, site: str) -> None:
    """Open lesson 1 from the first page, answer its exercise, wrongly and rightly, and save."""
    page.goto(f"{site}/index.html")
    press_until(page, "Tab", "document.activeElement.textContent === 'Do it here'")
    page.keyboard.press("Enter")
    ready(page)

    press_until(page, "Shift+Enter", f"{ACTIVE} === 'convolve_pixel'")
    told = page.locator(".jp-OutputArea-output")
    for weights, said in (("kernel[::-1, ::-1]", "732"), ("kernel", "convolve_pixel: Passed")):
        answer(page, ("def convolve_pixel(window, kernel):", f"return (window * {weights}).sum()"))
        expect(told.filter(has_text=said).first).to_be_visible(timeout=LONG)
        press_until(page, "ArrowUp", f"{ACTIVE} === 'convolve_pixel'")

    page.keyboard.press("Control+s")
    page.wait_for_function(f"!{NOTEBOOK}.model.dirty")
    assert (
        "return (window * kernel).sum()" in page.evaluate(THERE, LESSONS[1].file)["convolve_pixel"]
    )

    assert inaccessible(page, ".jp-OutputArea-output", ".jp-MarkdownOutput") == []
    assert {line.split(":")[0] for line in inaccessible(page)} <= OF_JUPYTERLAB


def test_a_lesson_by_the_keyboard_and_two_more_outlive_a_closed_tab_and_a_killed_browser(
    browser, site, tmp_path
):
    home = Home(browser, tmp_path / "home")
    page, trouble = home.start()
    by_the_keyboard(page, site)
    page.evaluate(OPEN, LESSONS[2].file)  # beside it, in the same tab
    page.wait_for_function(f"{NOTEBOOK}.path === {LESSONS[2].file!r}")
    ready(page)
    write(page, "horizontal_kernel", "# Mine, of lesson 2.")
    assert "Passed" in execute(page, HORIZONTAL)

    other = page.context.new_page()
    open_lesson(other, site, 3)
    write(other, "relu", "# Mine, of lesson 3.")
    assert "Passed" in execute(other, f"{CHECK}\n{RELU}\ncheck.relu(relu)")
    other.evaluate(SAVE_AND_CHECK, ["relu", "# Later, of lesson 3.", "check.relu(lambda v: v)"])
    other.close(run_before_unload=False)
    assert not trouble, "\n".join(trouble)
    assert "of lesson 3." in page.evaluate(THERE, LESSONS[3].file)["relu"]
    page.evaluate(
        SAVE_AND_CHECK,
        ["horizontal_kernel", "# Later, of lesson 2.", "check.horizontal_kernel([[1]])"],
    )
    home.kill()

    page, trouble = home.start()
    open_lesson(page, site, 3)
    for number, cell, mine in (
        (1, "convolve_pixel", "return (window * kernel).sum()"),
        (2, "horizontal_kernel", "of lesson 2."),
        (3, "relu", "of lesson 3."),
    ):
        assert mine in page.evaluate(THERE, LESSONS[number].file)[cell]
    done = "from course import progress\nprint(sorted(k for k, a in progress().answers.items() if a.points))"
    assert "['convolve_pixel', 'horizontal_kernel', 'relu']" in execute(page, done)
    assert "damaged" not in execute(page, "import os\nprint(os.listdir())")
    assert not trouble, "\n".join(trouble)
    page.context.close()
