"""QR codes as SVG, for pages and for print."""

from __future__ import annotations

import io

import segno


def qr_svg(text: str) -> str:
    """A QR code that still reads with a quarter of it covered, with its quiet zone of four modules.

    The SVG bears no size of its own, so the page or the paper decides it.

    Raises ValueError where the text is empty or longer than a QR code holds (1,663 bytes).
    """
    if not text:
        raise ValueError("A QR code needs something to say.")
    drawn = io.BytesIO()
    code = segno.make_qr(text, error="q", boost_error=False)
    code.save(drawn, kind="svg", border=4, xmldecl=False, omitsize=True, light="#fff", nl=False)
    return drawn.getvalue().decode()
