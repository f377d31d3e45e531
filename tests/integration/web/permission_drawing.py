"""docs/permissions.md, drawn from the written table of who gets which answer."""

from collections.abc import Iterator, Sequence

from tests.integration.web.permission_table import NEIGHBOURS, OFFICIALS, Row

_SIGN = {403: "", 404: "404"}


def drawn(table: Sequence[Row], titles: dict[str, str], addresses: dict[str, str]) -> Iterator[str]:
    """The lines of docs/permissions.md: `titles` of roles, `addresses` of URL names."""
    yield "# Who may open what"
    yield ""
    yield "Drawn from `tests/integration/web/tables.py`, which is asked of every page."
    yield "● opens · 404 may do this, but not outside their part of the tree · empty: 403."
    yield "Who is not signed in is led to the sign-in. Members' pages are for the member alone."
    yield ""
    yield "## Roles"
    yield from (f"* `{code}` {titles[code]}" for code in OFFICIALS)
    yield "* `outsider` the next county's 乡镇街道管理员, `outside_security` its 安全管理员"
    yield ""
    yield "## Without an account"
    yield from (_line(row, addresses) for row in table if row.audience == "public")
    yield ""
    yield "## The member"
    yield from (_line(row, addresses) for row in table if row.audience == "member")
    yield ""
    yield "## Staff"
    columns = (*OFFICIALS, *NEIGHBOURS)
    yield "| address | " + " | ".join(name.replace("_", " ") for name in columns) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    for row in table:
        if row.audience == "staff":
            signs = " | ".join(_SIGN.get(row.answers[name], "●") for name in columns)
            yield f"| {_address(row, addresses)} | {signs} |"


def _address(row: Row, addresses: dict[str, str]) -> str:
    return f"{'POST ' if row.method == 'POST' else ''}`/{addresses[row.url]}`"


def _line(row: Row, addresses: dict[str, str]) -> str:
    return f"* {_address(row, addresses)} `{row.url}`"
