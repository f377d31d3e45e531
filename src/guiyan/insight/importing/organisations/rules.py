"""A row of a list of organisations: what it is called, which kind it is, under which one."""

import re
from dataclasses import dataclass
from typing import Final

from guiyan.insight.importing.cells import RecordReader
from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.phones import mask_phone

NO_NAME: Final = Finding("empty", _("没有填写党组织名称，请补上。"))
UNKNOWN_KIND: Final = Finding(
    "kind", _("看不出是哪类党组织；请在“党组织类别”里写明，例如“村党支部”“乡镇党委”。")
)
# The first that fits; the kind's own words before the words of a place.
_KINDS: Final = (
    ("service_centre", re.compile("服务中心")),
    ("outpost", re.compile("服务站|协作站|驻外(?!.*支部)")),
    ("mobile_branch", re.compile("流动党员.*支部|流动党支部")),
    ("temporary_branch", re.compile("临时.*支部")),
    ("joint_branch", re.compile("联合.*支部")),
    ("organs_branch", re.compile("机关.*支部")),
    ("community_branch", re.compile("(社区|居委会).*支部")),
    ("village_branch", re.compile("村.*支部")),
    ("organs_branch", re.compile("(镇|乡|街道).*支部")),
    ("industry_committee", re.compile("行业.*(党委|委员会)")),
    ("township_committee", re.compile("(镇|乡|街道).*(党委|党工委|委员会)")),
    ("county_committee", re.compile("县委|区委|(县|区|旗).*(党委|委员会)")),
    ("joint_branch", re.compile("支部")),
    ("department", re.compile("局$|部门")),
)


@dataclass(frozen=True, slots=True)
class ListedOrganisation:
    """One organisation as written; the kind by its code."""

    name: str
    short_name: str
    code: str
    kind: str
    parent: str
    division: str
    phone: str
    address: str


def kind_of(level: str, name: str) -> str | None:
    """The kind by what the list calls it, else by its name; None when neither says."""
    for text in (level, name):
        for code, pattern in _KINDS:
            if text and pattern.search(text):
                return code
    return None


def read_organisation(reader: RecordReader) -> ListedOrganisation | None:
    """It has a name and a kind; everything else may be missing. None when wrong."""
    name = reader.word("name", longest=200)
    kind = kind_of(reader.word("level"), name)
    if not name:
        reader.note("name", NO_NAME, is_error=True)
    elif kind is None:
        reader.note("level", UNKNOWN_KIND, is_error=True)
    if not name or kind is None:
        return None
    return ListedOrganisation(
        name=name,
        short_name=reader.word("short_name", longest=80),
        code=reader.word("code", longest=32),
        kind=kind,
        parent=reader.word("parent", longest=200),
        division=reader.word("division", longest=100),
        phone=reader.phone(),
        address=reader.text("address"),
    )


def shown_organisation(row: ListedOrganisation) -> dict[str, str]:
    """The row as a preview shows it."""
    return {
        "name": row.name,
        "code": row.code,
        "level": row.kind,
        "parent": row.parent,
        "phone": mask_phone(row.phone) if row.phone else "",
    }
