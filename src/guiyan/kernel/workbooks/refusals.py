"""Why a workbook is turned away, and the limits that turn it away (trust F44–F46)."""

from __future__ import annotations

from typing import Final

MAX_FILE_BYTES: Final = 50 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 200 * 1024 * 1024
MAX_PARTS: Final = 5_000
MAX_DIRECTORY_BYTES: Final = 1024 * 1024
MAX_RATIO: Final = 100  # real sheets pack 5 to 30 times; a bomb of one letter 400 and more
RATIO_MATTERS_FROM_BYTES: Final = 1024 * 1024
MAX_COLUMNS: Final = 1_000
MAX_ROWS: Final = 1_048_576  # what Excel itself can hold
MAX_AREA: Final = 12_000_000  # cells of the rectangles that a reader lays out, about 32 bytes each
MAX_CELL_CHARACTERS: Final = 32_767  # what Excel itself can hold
MAX_TEXT_CHARACTERS: Final = 200_000_000  # all cells together, shared strings counted each time


class WorkbookRefused(Exception):
    """A file that is not opened; ``code`` is stable, ``message`` is one line for the person."""

    def __init__(self, code: str, text: str, **values: str) -> None:
        self.code = code
        self.text = text  # constant, for the catalogues
        self.values = values
        self.message = text % values if values else text
        super().__init__(self.message)


def too_many_columns() -> WorkbookRefused:
    return WorkbookRefused(
        "too-many-columns",
        "表格超过 %(most)s 列，不像名册。请删去多余的列再上传。",
        most=f"{MAX_COLUMNS:,}",
    )


def too_many_rows() -> WorkbookRefused:
    return WorkbookRefused(
        "too-many-rows",
        "表格超过 %(most)s 行。请分成几个文件上传。",
        most=f"{MAX_ROWS:,}",
    )


def too_large_area() -> WorkbookRefused:
    return WorkbookRefused(
        "too-large-area",
        "表格里有内容的单元格相距太远，范围过大。请删去远处的零星内容再上传。",
    )


def bomb() -> WorkbookRefused:
    return WorkbookRefused(
        "bomb",
        "文件解开后大得不正常，已停止打开。请把需要的工作表另存为一个新文件再上传。",
    )


def broken() -> WorkbookRefused:
    return WorkbookRefused(
        "broken",
        "文件已损坏，无法打开。请用 Excel 或 WPS 打开后另存为 xlsx 再上传。",
    )


def not_its_name(suffix: str) -> WorkbookRefused:
    return WorkbookRefused(
        "not-its-name",
        "文件内容不是 %(suffix)s 格式，与文件名不符。请用 Excel 或 WPS 打开后另存为 xlsx 再上传。",
        suffix=suffix,
    )


def encrypted() -> WorkbookRefused:
    return WorkbookRefused(
        "encrypted", "文件有打开密码。请在 Excel 或 WPS 里取消密码，保存后再上传。"
    )


def macros() -> WorkbookRefused:
    return WorkbookRefused("macros", "文件里有宏程序，不予打开。请另存为不含宏的 xlsx 再上传。")


def external_links() -> WorkbookRefused:
    return WorkbookRefused(
        "external-links",
        "文件链接了外部文件或数据源，不予打开。请把内容粘贴为数值，断开链接后再上传。",
    )


def embedded_objects() -> WorkbookRefused:
    return WorkbookRefused(
        "embedded-objects", "文件里嵌入了别的文件或对象，不予打开。请删去后再上传。"
    )
