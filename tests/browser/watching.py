"""What goes wrong behind a test's back, on the pages of one browser context."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from chromium import PATIENCE
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Route,
    ViewportSize,
    WebError,
)

SIZE: ViewportSize = {"width": 1360, "height": 900}

OUTSIDE = re.compile(r"^https?://(?!(localhost|127\.0\.0\.1)[:/])")

# What JupyterLab says of JupyterLite's kernel, which is installed beside it for `course site`, and of its
# own debugger where a kernel goes while it still asks it.
JUPYTERLAB = re.compile(
    "Shared module @jupyterlite/server doesn't exist"
    "|Could not restore the debugger state: Canceled future"
)
# What Notebook 7 says of itself wherever JupyterLab's extension for jupytext is installed too.
NOTEBOOK_7 = re.compile("reading 'schema'|Command 'filebrowser:open-path' not registered")

# What JupyterLite says of a file that one tab takes away while another lists them.
GONE_MEANWHILE = re.compile(r"Could not find content with path progress\.")


@contextmanager
def watched(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """Open an empty page, 1360 by 900; give the list of its trouble with it."""
    with browser.new_context(viewport=SIZE) as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page(), watch(context)


def watch(context: BrowserContext) -> list[str]:
    """Keep other hosts out of these pages; return the list to which their trouble is added."""
    trouble: list[str] = []

    def refuse(route: Route) -> None:
        trouble.append(f"asked another host: {route.request.url}")
        route.abort()

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not JUPYTERLAB.search(message.text):
            trouble.append(f"console error: {message.text} ({message.location['url']})")

    def uncaught(error: WebError) -> None:
        said = str(error.error)
        if not NOTEBOOK_7.search(said) and not GONE_MEANWHILE.search(said):
            trouble.append(f"uncaught: {said}")

    def miss(request: Request) -> None:
        # Leaving a page aborts what it was still loading; nobody misses that.
        if request.failure != "net::ERR_ABORTED" and not OUTSIDE.match(request.url):
            trouble.append(f"failed: {request.url} ({request.failure})")

    context.route(OUTSIDE, refuse)
    context.on("console", listen)
    context.on("weberror", uncaught)
    context.on("requestfailed", miss)
    return trouble
