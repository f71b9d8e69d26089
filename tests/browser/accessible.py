"""What axe-core, which knows the rules for the web, finds wrong with a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def inaccessible(page: Page, *selectors: str) -> list[str]:
    """What is serious or critical within these selectors, a line for each element."""
    assert all(page.locator(selector).count() for selector in selectors), selectors
    within = {"include": [[selector] for selector in selectors]} if selectors else None
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in Axe().run(page, within).response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
