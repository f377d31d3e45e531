"""A person as a row of a register tells of them: who it is, and what is known."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

from guiyan.insight.importing import codes
from guiyan.insight.importing.cells import RecordReader
from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.id_numbers import mask_id_number
from guiyan.kernel.names import NameProblem, fold_name, read_name
from guiyan.kernel.phones import mask_phone

T = TypeVar("T")

NO_ID_NUMBER: Final = Finding(
    "missing", _("没有身份证号码，先按姓名和电话或出生日期登记；请尽快核实补上。")
)
UNIDENTIFIED: Final = Finding(
    "unidentified", _("既没有身份证号码，也没有电话或出生日期，认不准是谁；请补上其中一项。")
)
SEX_DIFFERS: Final = Finding(
    "sex-differs", _("填写的性别与身份证号码里的不同，已按身份证号码登记；请核对。")
)
BIRTH_DIFFERS: Final = Finding(
    "birth-differs", _("填写的出生日期与身份证号码里的不同，已按身份证号码登记；请核对。")
)
UNKNOWN_GROUP: Final = Finding("ethnicity", _("没有这个民族名称或代码，没有读取；请核对。"))
UNKNOWN_LANGUAGE: Final = Finding("language", _("看不懂是哪种语言，没有读取；请核对。"))
UNKNOWN_SCRIPT: Final = Finding("script", _("看不懂会读哪种文字，没有读取；请核对。"))
UNKNOWN_CATEGORY: Final = Finding(
    "category", _("看不懂是正式还是预备党员，先按正式党员登记；请核对。")
)
UNKNOWN_SEX: Final = Finding("sex", _("看不懂性别，没有读取；请填“男”或“女”。"))


@dataclass(frozen=True, slots=True)
class Person:
    """Who it is; identity as the kernel reads it, empty where the row says nothing."""

    name: str
    id_number: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    sex: str = ""
    born_on: date | None = None
    ethnicity: str = ""
    category: str = "full"
    joined_on: date | None = None
    joined_precision: str = "day"
    trade: str = ""
    languages: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    reads_little: bool = False
    has_phone: bool = True

    @property
    def key(self) -> str:
        """The same for two rows about one person: the ID number, else name with phone or birth."""
        return self.id_number or f"{fold_name(self.name)}|{self.phone or self.born_on}"


def read_person(reader: RecordReader, *, trade_key: str) -> Person | None:
    """A row is about somebody when it has a name, and an ID number, a phone or a birth date.

    None when the row is wrong; the reader holds why.
    """
    name = read_name(reader.text("name", longest=400))
    if isinstance(name, NameProblem):
        reader.note("name", name, is_error=True)
    number = reader.identity()
    born = reader.day("born_on")
    phone = reader.phone()
    if isinstance(name, NameProblem) or reader.is_wrong:
        return None
    if number is None:
        if not phone and born is None:
            reader.note("id_number", UNIDENTIFIED, is_error=True)
            return None
        reader.note("id_number", NO_ID_NUMBER)
    elif born is not None and not born.value <= number.birth <= born.last:
        reader.note("born_on", BIRTH_DIFFERS)
    born_on = number.birth if number else born.value if born and born.precision == "day" else None
    joined = reader.date_of_joining("joined_on", born_on=born_on)
    reads_little = codes.says_reads_little(reader.word("reads"))
    return Person(
        name=name,
        id_number=number.text if number else "",
        phone=phone,
        address=reader.text("address"),
        sex=_sex(reader, number.sex if number else ""),
        born_on=born_on,
        ethnicity=_coded(reader, "ethnicity", codes.ethnicity_code, UNKNOWN_GROUP) or "",
        category=_coded(reader, "category", codes.category_code, UNKNOWN_CATEGORY) or "full",
        joined_on=joined.value if joined else None,
        joined_precision=joined.precision if joined else "day",
        trade=reader.word(trade_key),
        languages=_coded(reader, "language", codes.language_codes, UNKNOWN_LANGUAGE) or (),
        reads=() if reads_little else _reads(reader),
        reads_little=reads_little,
        has_phone=not reader.says_none("phone"),
    )


def shown_person(person: Person, *, trade_key: str) -> dict[str, str]:
    """The person as a preview shows them: identity masked."""
    return {
        "name": person.name,
        "id_number": mask_id_number(person.id_number) if person.id_number else "",
        "phone": mask_phone(person.phone) if person.phone else "",
        "joined_on": shown_date(person.joined_on, person.joined_precision),
        trade_key: person.trade,
    }


def shown_date(day: date | None, precision: str) -> str:
    """A date as exact as it was written."""
    if day is None:
        return ""
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]]


def _coded(
    reader: RecordReader, key: str, code_of: Callable[[str], T | None], unknown: Finding
) -> T | None:
    """The code of a word; an unknown word is noted and left out."""
    code = code_of(reader.word(key))
    if code is None:
        reader.note(key, unknown)
    return code


def _reads(reader: RecordReader) -> tuple[str, ...]:
    return _coded(reader, "reads", codes.script_codes, UNKNOWN_SCRIPT) or ()


def _sex(reader: RecordReader, from_number: str) -> str:
    word = reader.word("sex")
    written = codes.SEXES.get(word.removesuffix("性"), "")
    if word and not written:
        reader.note("sex", UNKNOWN_SEX)
    if from_number and written and written != from_number:
        reader.note("sex", SEX_DIFFERS)
    return from_number or written
