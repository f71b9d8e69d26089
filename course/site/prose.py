"""A lesson's text as HTML: headings that can be linked to, formulas as MathML, code in colour.

MathML is drawn by the browser itself: no script and no font has to be fetched.
"""

import re
from typing import Any

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

# The two whose every colour has a contrast of 4.5:1 on the pages' own backgrounds.
LIGHT, DARK = "xcode", "github-dark"


class Renderer(IPythonRenderer):
    """nbconvert's renderer; it also remembers the sections, for the list of contents."""

    def __init__(self) -> None:
        super().__init__(escape=False)  # the lessons' own <details>
        self.sections: dict[str, str] = {}

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        if level != 2:
            return f"<h{level}>{text}</h{level}>\n"
        anchor = re.sub(r"\W+", "-", re.sub("<.+?>", "", text)).strip("-").lower()
        while anchor in self.sections:
            anchor += "-again"
        self.sections[anchor] = text
        return f'<h2 id="{anchor}">{text}</h2>\n'

    def block_math(self, body: str) -> str:
        return scrolled("span", "Formula", formula(body, "block"))

    def inline_math(self, body: str) -> str:
        # A line may break before an equals sign, as in TeX; browsers break no formula.
        return " ".join(formula(part, "inline") for part in re.split(r"\s(?==)", body))

    def table(self, text: str) -> str:
        return scrolled("div", "Table", f"<table>\n{text}</table>")


def scrolled(tag: str, name: str, content: str) -> str:
    """What may be wider than a telephone, to be scrolled with the keyboard too."""
    return f'<{tag} class="wide" role="group" aria-label="{name}" tabindex="0">{content}</{tag}>'


# A sign behind another operator, or behind an opening bracket, belongs to the number after it.
SIGN = re.compile(
    r"(<mo[^>]*>(?!&#x00029;|&#x0005D;|&#x0007C;)[^<]*</mo>)<mo>(&#x02212;|&#x0002B;)"
)


def formula(tex: str, display: str) -> str:
    r"""A formula as MathML.

    latex2mathml takes ``\_`` in a text literally, and sets a gap behind the comma of ``1{,}600``.
    """
    tex = re.sub(r"(\\text\{[^}]*)\\_", r"\1_", tex.strip()).replace("{,}", r"\text{,}")
    return SIGN.sub(r'\1<mo form="prefix">\2', convert(tex, display=display))


def prose(markdown: str) -> tuple[str, dict[str, str]]:
    """Markdown as HTML, and its sections: the title of each by its anchor."""
    renderer = Renderer()
    return MarkdownWithMath(renderer).render(markdown), renderer.sections


def code(source: str) -> str:
    """Python in colour."""
    return highlight(source, PythonLexer(), HtmlFormatter(wrapcode=True))


def colours() -> str:
    """The style sheet of `code`, for light and dark."""
    light, dark = (
        HtmlFormatter(style=style).get_style_defs(".highlight") for style in (LIGHT, DARK)
    )
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
