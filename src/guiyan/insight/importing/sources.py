"""The workbook behind an import: unsealed for as long as it is read, opened under its mapping."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from guiyan.insight.importing.workbook import Table, open_table
from guiyan.insight.models import ImportBatch
from guiyan.kernel.workbooks.kinds import KINDS
from guiyan.kernel.workbooks.refusals import WorkbookRefused
from guiyan.platform import files
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused


@contextmanager
def workbook(by: Actor, row: ImportBatch) -> Iterator[Path]:
    """The sender's file as a path that only this process reads. Raises Refused past its day."""
    try:
        stored = files.get_file_for(by, row.stored_file_id)
    except NotFound as gone:
        raise Refused("file-gone", _("原文件已过保存期限，请重新上传。")) from gone
    with tempfile.TemporaryDirectory(prefix="guiyan-import-") as directory:
        yield files.copy_out(stored, Path(directory) / "workbook")


def opened(source: Path, name: str, kind: str, mapping: Mapping[str, int] | None) -> Table:
    """Raises Refused with one clear line for a file that is not opened, or a mapping that can't
    be."""
    try:
        return open_table(source, name=name, kind=KINDS[kind], mapping=mapping)
    except WorkbookRefused as refused:
        raise Refused(refused.code, refused.text, refused.values) from refused
    except ValueError as impossible:
        raise Refused("mapping", _("同一列不能对应两个项目，请重新选择。")) from impossible


def refuse_missing(table: Table) -> None:
    """A table without a required column can't be read. Raises Refused naming it."""
    if table.layout.missing:
        names = "、".join(table.kind.column(key).names[0] for key in table.layout.missing)
        raise Refused(
            "columns", _("没有找到必需的列：%(names)s。请指明是哪一列。") % {"names": names}
        )
