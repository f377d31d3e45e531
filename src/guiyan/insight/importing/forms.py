"""Forms of imports: the upload, the mapping of columns, the reason of an undoing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from guiyan.insight.importing.types import BatchFacts
from guiyan.kernel.workbooks.kinds import KINDS, Kind
from guiyan.kernel.workbooks.refusals import MAX_FILE_BYTES
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import OrganisationFacts

_COLUMN = "column_"


class UploadForm(forms.Form):
    """Which kind of workbook, for which organisation, and the file."""

    kind = forms.ChoiceField(
        label=_("表格类别"),
        choices=[(kind.key, _(kind.title)) for kind in KINDS.values()],
        error_messages={"required": _("请选择表格类别。")},
    )
    organisation = forms.CharField(
        label=_("登记到哪个组织"),
        help_text=_("写组织的名称或代码；默认是您所在的组织。"),
        max_length=200,
        error_messages={"required": _("请写明登记到哪个组织。")},
    )
    file = forms.FileField(
        label=_("表格文件"),
        help_text=_("xlsx、xls 或 csv，不超过 50 MB。原有的标题、小计和备注行不用删。"),
        error_messages={
            "required": _("请选择要导入的表格文件。"),
            "empty": _("文件是空的。请检查后重新选择。"),
        },
    )

    def __init__(self, *args: Any, path: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._path = path

    def clean_organisation(self) -> OrganisationFacts:
        text = str(self.cleaned_data["organisation"])
        found = orgs.find_organisation(text=text, under=self._path)
        if found is None:
            raise forms.ValidationError(
                [
                    now_("您所管的范围内没有找到这个组织，或有几个同名的；请写全称或代码。"),
                    *filter(None, [orgs.may_be_meant(text, under=self._path)]),
                ]
            )
        return found

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_FILE_BYTES:
            raise forms.ValidationError(now_("文件超过 50 MB。请分成几个文件上传。"))
        return file


class MappingForm(forms.Form):
    """For each column of the sheet, what it holds."""

    def __init__(
        self, *args: Any, batch: BatchFacts, samples: dict[int, list[str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._kind = KINDS[batch.kind]
        held = {column: key for key, column in batch.mapping.items()}
        choices = [("", _("不导入")), *_choices(self._kind)]
        for column, label in batch.labels.items():
            shown = "、".join(samples.get(column, []))
            self.fields[f"{_COLUMN}{column}"] = forms.ChoiceField(
                label=label or str(column + 1),
                help_text=now_("例如：%(values)s") % {"values": shown} if shown else "",
                choices=choices,
                required=False,
                initial=held.get(column, ""),
            )

    @property
    def mapping(self) -> dict[str, int]:
        """Key of the kind to column."""
        return {
            str(key): int(name.removeprefix(_COLUMN))
            for name, key in self.cleaned_data.items()
            if key
        }

    def clean(self) -> dict[str, Any]:
        held = dict(self.cleaned_data)  # an error takes its field out of the cleaned data
        given = [key for key in held.values() if key]
        for name, key in held.items():
            if key and given.count(key) > 1:
                self.add_error(name, now_("这一项对应了不止一列，请只留一列。"))
        for key in self._kind.required:
            if key not in given:
                wanted = self._kind.column(key).names[0]
                self.add_error(None, now_("请指明哪一列是“%(column)s”。") % {"column": wanted})
        return self.cleaned_data


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=_("撤销的原因"),
        help_text=_("会记入操作记录。"),
        max_length=300,
        error_messages={"required": _("请写明为什么撤销这次导入。")},
    )


def _choices(kind: Kind) -> list[tuple[str, str]]:
    return [(column.key, column.names[0]) for column in kind.columns]
