"""What every page keeps: no accessibility violation, no sideways scroll, targets large enough."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def assert_accessible(page: Page) -> None:
    """axe finds nothing on the page as it stands, from its top: a head that stays in sight while one
    scrolls hides half a field for a moment. A page that is asked again knows axe already."""
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    page.evaluate("scrollTo(0, 0)")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    found = page.evaluate("options => axe.run(options).then(all => all.violations)", options)
    violations = [
        f"{each['id']}: {each['help']}\n  " + "\n  ".join(node["html"] for node in each["nodes"])
        for each in found
    ]
    assert not violations, f"{page.url}\n" + "\n".join(violations)


def assert_no_sideways_scroll(page: Page) -> None:
    """The page is no wider than the window; names what sticks out."""
    outside = page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= wide) return [];
          return [...document.querySelectorAll('body *')]
            .filter(e => e.getBoundingClientRect().right > wide + 1)
            .map(e => e.outerHTML.slice(0, 120));
        }"""
    )
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0 and not outside, f"{page.url}\n" + "\n".join(outside)


def assert_targets(page: Page, *, at_least_px: int) -> None:
    """Buttons, fields and links of their own line are at least so high (44, and 60 for elders)."""
    small = page.evaluate(
        """least => [...document.querySelectorAll('.button, input, select, textarea')]
          .filter(e => e.type !== 'hidden' && !['radio', 'checkbox'].includes(e.type))
          .filter(e => e.getBoundingClientRect().height < least - 0.5)
          .map(e => e.outerHTML.slice(0, 120))""",
        at_least_px,
    )
    assert not small, f"{page.url}\n" + "\n".join(small)
