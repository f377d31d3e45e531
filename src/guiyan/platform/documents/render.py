"""PDFs: a template of ours, facts from anywhere, fonts from the package only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from guiyan.kernel.calendar import CHINA
from guiyan.platform.documents.qr import qr_svg

_HERE = Path(__file__).parent
_FONTS = _HERE / "fonts"
_BLOCKS = _HERE / "templates"
_URL_SUFFIX = "_url"


def render_pdf(
    template_path: Path | str, facts: Mapping[str, Any], *, tagged: bool = True
) -> bytes:
    """A document is its template and its facts and nothing else: the same two, the same bytes.

    Facts reach the template as JSON (`json("facts.json")`), so that a name that looks like typst
    code is printed and never run; dates become ISO text, which `day` of `house.typ` writes out,
    and moments the minute by China's clock.
    For every fact whose name ends in `_url`, at the top, a QR code lies beside it under the same
    name: `image("verify_url.svg")`. `house.typ` can be imported by that name from any template.

    A tagged PDF can be read aloud in order; a table of thousands of rows becomes twenty times as
    large by it, so that a long register is made without, its page being the one to read aloud.

    Raises FileNotFoundError where the template is missing, TypeError for a fact that is neither
    text, number, date, list nor mapping, and typst.TypstError where template and facts disagree.
    """
    written = json.dumps(dict(facts), default=_as_text, ensure_ascii=False)
    sources = {
        "main.typ": Path(template_path).read_bytes(),
        "house.typ": (_BLOCKS / "house.typ").read_bytes(),
        "facts.json": written.encode(),
        **{
            f"{name}.svg": qr_svg(value).encode()
            for name, value in facts.items()
            if name.endswith(_URL_SUFFIX) and value
        },
    }
    # typst takes a mapping of files as input (its stubs leave that out).
    pdf: bytes = typst.compile(  # type: ignore[call-overload]
        sources, root=str(_BLOCKS), font_paths=_fonts(), pdf_tags=tagged
    )
    return pdf


@cache
def _fonts() -> typst.Fonts:
    """Only the package's fonts, so that every machine prints the same page."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FONTS)]
    )


def _as_text(fact: object) -> str:
    if isinstance(fact, datetime):
        return f"{fact.astimezone(CHINA):%Y-%m-%d %H:%M}"
    if isinstance(fact, date):
        return fact.isoformat()
    raise TypeError(f"A document has no way to print a {type(fact).__name__}.")
