"""Three years after a round was closed its sums and results stay, and who made them goes (`fields`)."""

from datetime import date, timedelta

from django.db import connection

from guiyan.outreach.models import BackCheck, Draw, Screened, TeamPerson

KEPT = timedelta(days=1095)


def forget_walkers(on: date) -> int:
    """Visits, people of teams, answers about people and who checked, of rounds closed long ago; how
    many rows. Runs with system scope; a second run finds none."""
    limit = on - KEPT
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
