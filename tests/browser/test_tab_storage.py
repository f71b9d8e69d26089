"""What is done in a browser tab is kept while the storage is full or cleared."""

from playwright.sync_api import Page, expect
from running import NOTEBOOK, execute, ready, write

COMPLETE = "The course is complete in this browser"
FIRST = """
from course import check, progress
def relu(values): return values * (values > 0)
check.relu(relu)"""
SECOND = """
def convolve_pixel(window, kernel): return (window * kernel).sum()
check.convolve_pixel(convolve_pixel)
print(progress().summary)"""
SUMMARY = "print(progress().summary)"

# A browser whose disk is full says this of all that is to be written.
FULL = """() => {
    window.put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError"); };
}"""
ROOMY = "() => { IDBObjectStore.prototype.put = window.put; }"


def test_a_storage_that_is_full_or_cleared_is_told_and_a_page_loaded_anew_has_all_that_was_saved(
    tab: Page, tablet: tuple[Page, list[str]], site: str
) -> None:
    assert "Passed" in execute(tab, FIRST)
    # They came by a lesson's address, and not by the site's first page.
    tab.wait_for_function("words => told.some((one) => one.includes(words))", arg=COMPLETE)

    tab.evaluate(FULL)
    said = execute(tab, SECOND)
    assert "can't be saved" in said and "when its storage is full" in said
    assert "Passed" in said and "3 of 100 points" in said
    told = tab.locator(".Toastify__toast").filter(has_text="This browser's storage is full")
    expect(told).to_be_visible()
    tab.evaluate(ROOMY)
    assert "is saved in progress.sqlite again" in execute(tab, SUMMARY)

    clear = {"origin": site.removesuffix("/course"), "storageTypes": "indexeddb"}
    tab.context.new_cdp_session(tab).send("Storage.clearDataForOrigin", clear)
    said = execute(tab, SUMMARY)
    assert "had kept was cleared" in said and "3 of 100 points" in said
    _, trouble = tablet
    trouble.clear()  # of JupyterLite, which does not expect any of this

    path, cell = tab.evaluate(f"{NOTEBOOK}.path"), f"{NOTEBOOK}.model.sharedModel.cells[1]"
    write(tab, tab.evaluate(f"{cell}.id"), "Mine.")
    tab.reload()
    ready(tab)
    assert tab.evaluate(f"[{NOTEBOOK}.path, {cell}.getSource()]") == [path, "Mine."]
    said = execute(tab, "from course import progress\n" + SUMMARY)
    assert "3 of 100 points" in said and "cleared" not in said
