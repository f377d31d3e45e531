"""A row of a list of premises: what it is called, its licence, where it is, whom to ask for."""

from dataclasses import dataclass, field
from typing import Final

from guiyan.insight.importing.cells import RecordReader
from guiyan.kernel.credit_codes import CreditCode, read_credit_code
from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.names import fold_name
from guiyan.kernel.phones import mask_phone

NO_NAME: Final = Finding("empty", _("没有填写名称，请补上。"))
_CLOSED: Final = ("歇业", "停业", "注销", "关闭", "关门", "吊销")
_MOVED: Final = ("搬迁", "搬走", "迁出", "迁走")


@dataclass(frozen=True, slots=True)
class ListedPremises:
    """One shop, firm or social organisation as written."""

    township: str
    serial: str
    name: str
    credit_code: str
    licence: str
    type: str
    address: str
    manager: str = field(repr=False)
    phone: str = field(repr=False)
    state: str

    @property
    def key(self) -> str:
        """Equal for two rows about one shop: its credit code, else township, name and address."""
        if self.credit_code:
            return self.credit_code
        return f"{fold_name(self.name)}|{fold_name(self.township + self.address)}"


def state_of(note: str) -> str:
    """Closed or moved as the note says; a note that says nothing of it leaves the shop open."""
    if any(word in note for word in _CLOSED):
        return "closed"
    return "moved" if any(word in note for word in _MOVED) else ""


def read_premises(reader: RecordReader) -> ListedPremises | None:
    """It has a name; a credit code that is written must hold (GB 32100). None when wrong."""
    name = reader.text("name")
    if not name:
        reader.note("name", NO_NAME, is_error=True)
    code = _credit_code(reader)
    if reader.is_wrong:
        return None
    return ListedPremises(
        township=reader.word("township"),
        serial=reader.word("serial", longest=20),
        name=name,
        credit_code=code.text if code and code.kind == "credit-code" else "",
        licence=code.text if code and code.kind == "licence" else "",
        type=reader.word("type", longest=40),
        address=reader.text("address"),
        manager=reader.text("manager", longest=50),
        phone=reader.phone(),
        state=state_of(reader.word("note")),
    )


def shown_premises(row: ListedPremises) -> dict[str, str]:
    """The row as a preview shows it; the manager by the first character."""
    return {
        "township": row.township,
        "name": row.name,
        "credit_code": row.credit_code or row.licence,
        "address": row.address,
        "manager": f"{row.manager[:1]}**" if row.manager else "",
        "phone": mask_phone(row.phone) if row.phone else "",
    }


def _credit_code(reader: RecordReader) -> CreditCode | None:
    written = reader.word("credit_code", longest=80)
    if not written:
        return None
    code = read_credit_code(written)
    if not isinstance(code, CreditCode):
        reader.note("credit_code", code, is_error=True)
        return None
    for warning in code.warnings:
        reader.note("credit_code", warning)
    return code
