"""What imports and exports store about persons: what for, who reads it, when it is deleted.

`insight.obey_retention` obeys `RETENTION` every night. The workbook itself lies sealed in the file
store for `importing.commands.KEPT`, an export for a day.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

from guiyan.members.fields import PersonalField
from guiyan.platform.retention import Retention

# As long as the workbook itself can be had; after it what changed files said before is erased.
UNDO_DAYS: Final = 30
_ROWS_SHOWN_DAYS: Final = 180
_ASKED_DAYS: Final = 1095

_IMPORTERS = _("所在党组织和上级有导入权限的工作人员")

RETENTION = (
    Retention("insight.ImportBatch", "committed_at", UNDO_DAYS, erases=("changes",)),
    Retention(
        "insight.ImportBatch",
        "created_at",
        _ROWS_SHOWN_DAYS,
        erases=("sample", "problems", "changes", "file_name"),
    ),
    Retention("insight.ExportRequest", "requested_at", _ASKED_DAYS),
)

PERSONAL_FIELDS = (
    PersonalField(
        _("导入时显示的头几行（号码遮盖）、问题、文件名"),
        ("importbatch.sample", "importbatch.problems", "importbatch.file_name"),
        _("导入的人核对表格、改正错误"),
        _IMPORTERS,
        _("上传满180天"),
    ),
    PersonalField(
        _("导入改动以前的内容"),
        ("importbatch.changes",),
        _("导错了能撤销"),
        _("没有人；只有撤销时使用"),
        _("撤销后，或导入满30天"),
    ),
    PersonalField(
        _("谁上传、谁办理"),
        ("importbatch.acting", "importbatch.created_by_id", "importbatch.created_by_name"),
        _("查得到一批内容是谁导入的"),
        _IMPORTERS,
        _("与导入记录一同保留"),
    ),
    PersonalField(
        _("谁申请导出、谁审批、为什么"),
        (
            "exportrequest.acting", "exportrequest.reason",
            "exportrequest.requested_by_id", "exportrequest.requested_by_name",
            "exportrequest.decided_by_id", "exportrequest.decided_by_name",
        ),
        _("未脱敏的名册由谁带走、由谁同意，查得到"),
        _("申请人和审批人"),
        _("申请满三年"),
    ),
)  # fmt: skip

# Columns that say nothing about a person.
NOT_PERSONAL = frozenset(
    {
        "importbatch.id", "importbatch.path", "importbatch.organisation_id",
        "importbatch.organisation_name", "importbatch.kind", "importbatch.stored_file_id",
        "importbatch.fingerprint", "importbatch.sheet", "importbatch.labels",
        "importbatch.is_certain", "importbatch.mapping", "importbatch.state",
        "importbatch.refusal", "importbatch.counts", "importbatch.progress", "importbatch.total",
        "importbatch.undone", "importbatch.created_at", "importbatch.committed_at",
        "importbatch.undone_at",
        "importmapping.id", "importmapping.path", "importmapping.kind",
        "importmapping.fingerprint", "importmapping.mapping",
        "exportrequest.id", "exportrequest.path", "exportrequest.organisation_id",
        "exportrequest.organisation_name", "exportrequest.register", "exportrequest.wanted",
        "exportrequest.file_format", "exportrequest.is_unmasked", "exportrequest.state",
        "exportrequest.requested_at", "exportrequest.decided_at", "exportrequest.progress",
        "exportrequest.rows", "exportrequest.stored_file_id", "exportrequest.ready_at",
        "exportrequest.refusal",
    }
)  # fmt: skip
