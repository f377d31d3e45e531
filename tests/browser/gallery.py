"""Every component on one page, for staff and for members: served to the tests only."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path

from guiyan.platform.actor import Actor
from guiyan.platform.clock import today
from guiyan.platform.errors import Refused
from guiyan.platform.pages import page
from guiyan.platform.permissions import Permission
from guiyan.web import urls
from guiyan.web.waiting import Waiting

SECRETARY = UUID("00000000-0000-4000-8000-000000000001")


class EveryControl(forms.Form):
    name = forms.CharField(
        label="姓名", max_length=20, help_text="与身份证上一致，中间的点怎么写都可以。"
    )
    phone = forms.CharField(label="手机号码", required=False)
    trade = forms.ChoiceField(
        label="从事行业", choices=[("", "请选择"), ("a", "建筑"), ("b", "餐饮")]
    )
    whose = forms.ChoiceField(
        label="这个号码是谁的", choices=[("own", "本人"), ("kin", "家人")], widget=forms.RadioSelect
    )
    languages = forms.MultipleChoiceField(
        label="会说的语言",
        choices=[("han", "汉语"), ("yi", "彝语")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agreed = forms.BooleanField(label="本人同意登记以上内容", help_text="可以随时撤回。")
    note = forms.CharField(label="备注", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    workbook = forms.FileField(label="表格文件", required=False)


STAGED = {
    "staff": "gallery/staff.html",
    "member": "gallery/member.html",
    "work": "web/work.html",
    "idle": "web/work.html",
}


def gallery(request: HttpRequest, face: str) -> HttpResponse:
    """A page as a secretary sees it (`member`: as a member does), filled with invented things."""
    if face == "refused":
        raise Refused("branch-full", "这个支部已有50名党员。请改选另一个支部，或先分设支部。")
    if face != "member":
        request.actor = Actor(  # type: ignore[attr-defined]
            "staff",
            "阿牛尔布",
            today(),
            account_id=SECRETARY,
            organisation_name="美姑县巴普镇城东社区党支部",
            path="0001",
            permissions=frozenset(Permission),
        )
    form = EveryControl({"name": "", "trade": "a"})
    rows = [
        ("吉克阿支", "阿牛拉铁", "建筑", "已认领", "good", 12),
        ("沙马小英", "曲比木果", "餐饮", "待认领", "warn", 3),
        ("马海建国", "勒伍石一", "家政", "已超期", "bad", 108),
    ]
    waiting = [
        Waiting("办理 %(n)s 名党员的流动记录", 12, "#answers", overdue=3),
        Waiting("核实 %(n)s 条线索", 50, "#leads", is_more=True),
        Waiting("联系 %(n)s 名党员", 8, "#contacts"),
    ]
    shown = waiting if face == "work" else []
    return page(request, STAGED[face], form=form, rows=rows, waiting=shown)


urlpatterns = [path("gallery/<slug:face>", gallery), *urls.urlpatterns]
handler400, handler500 = urls.handler400, urls.handler500
