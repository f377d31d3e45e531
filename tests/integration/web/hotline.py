"""The hotline of the small county: a shift, a day, a missed call, a call passed on, a stop."""

from datetime import timedelta
from uuid import UUID

from tests.cast import MEIGU, OFFICIALS, OTHER_BRANCH
from tests.people import invented_phone

from guiyan.outreach.hotline import commands, queries
from guiyan.outreach.hotline.types import NewCall, Recipient
from guiyan.outreach.models import OperatorStop

OPERATOR = OFFICIALS["hotline_operator"]
OFFICER = OFFICIALS["county_officer"]


def build(point_id: UUID, case_id: UUID, member_id: UUID) -> dict[str, object]:
    """Their ids by the names that addresses give them."""
    commands.add_shift(
        by=OFFICER, point_id=point_id, weekdays=[0], starts="08:30", ends="17:30", shown_as="值班室"
    )
    day_id = commands.add_day(
        by=OFFICER,
        point_id=point_id,
        day=OFFICER.today + timedelta(days=1),
        starts="00:00",
        ends="24:00",
        shown_as="",
    )
    missed = commands.note_missed(by=OPERATOR, point_id=point_id, number=invented_phone(77))
    passed_id = commands.take_call(
        by=OPERATOR,
        point_id=point_id,
        call=NewCall("help", number=invented_phone(1), said="孩子上学"),
        passes_to=Recipient(case_id, member_id, OTHER_BRANCH.id, OTHER_BRANCH.path, None),
    )
    stop = OperatorStop.objects.create(
        path=MEIGU.path, account_id=UUID(int=7), name="别的话务员", opened=20
    )
    return {
        "shift_id": queries.rota_of(point_id)[0].id,
        "day_id": day_id,
        "call_id": missed.id,
        "passed_id": passed_id,
        "stop_id": stop.id,
    }
