"""What field hears of the rooms below: moved and merged organisations."""

from django.utils.translation import gettext_lazy

from guiyan.access.sentences import Sentence, register_sentences
from guiyan.field import jobs
from guiyan.orgs.events import OrganisationMoved, OrganisationsMerged
from guiyan.platform.events import subscribe
from guiyan.platform.jobs import enqueue

SENTENCES: dict[str, Sentence] = {
    "field.receive": gettext_lazy("收下手机上传的记录"),
    "field.pull": gettext_lazy("手机下载了一个片区"),
    "field.accept": gettext_lazy("接办了等待中的外出记录"),
    "field.decline": gettext_lazy("退回了等待中的外出记录"),
    "field.choose": gettext_lazy("选定了两边填法不同的一条记录"),
    "field.settle_conflicts": gettext_lazy("裁定走访说法时，办结了手机传上来的记录"),
    "field.release_held": gettext_lazy("补办了等前一条的记录"),
    "field.take_piece": gettext_lazy("收下了一段外出录音"),
    "field.tidy": gettext_lazy("清理了外出记录的旧回执"),
}


def join_lower_rooms() -> None:
    """Once, when the application is ready."""
    register_sentences(SENTENCES)
    subscribe(OrganisationMoved, lambda _moved: enqueue(jobs.recount_overdue))
    subscribe(OrganisationsMerged, lambda _merged: enqueue(jobs.recount_overdue))
