"""Three years after a round was closed its sums and results stay, and who made them goes (`fields`)."""

from datetime import date, timedelta

from django.db import connection

from guiyan.field import commands as field_commands
from guiyan.field import queries as field_queries
from guiyan.outreach.models import BackCheck, Draw, Screened, TeamPerson, Visit

KEPT = timedelta(days=1095)


def _forget_what_was_said(limit: date) -> None:
    """Notes by voice go with the visits beside which they are heard."""
    for ids in field_queries.spoken_of_all():
        of_rounds = Visit.objects.filter(
            id__in=ids,
            standing__round__state="closed",
            standing__round__closed_on__lt=limit,
        )
        field_commands.forget_notes(list(of_rounds.values_list("id", flat=True)))


def forget_walkers(on: date) -> int:
    """Visits, people of teams, answers about people and who checked, of rounds closed long ago; how
    many rows. Runs with system scope; a second run finds none."""
    limit = on - KEPT
    _forget_what_was_said(limit)
    with connection.cursor() as cursor:
        cursor.execute("select outreach_forget_visits(%s)", [limit])
        gone = int((cursor.fetchone() or [0])[0])
    long_ago = {"state": "closed", "closed_on__lt": limit}
    of_round = {f"round__{name}": value for name, value in long_ago.items()}
    for rows in (
        TeamPerson.objects.filter(**{f"team__{name}": value for name, value in of_round.items()}),
        BackCheck.objects.filter(**{f"draw__{name}": value for name, value in of_round.items()}),
        Draw.objects.filter(**of_round),
        Screened.objects.filter(**{f"standing__{name}": value for name, value in of_round.items()}),
    ):
        gone += rows.delete()[0]
    return gone
