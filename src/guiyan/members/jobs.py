"""Work of the night: what is past its time is deleted, whole files included."""

from guiyan.members import ending, registering, vault
from guiyan.members.fields import RETENTION
from guiyan.platform.actor import Actor
from guiyan.platform.jobs import enqueue, job
from guiyan.platform.reindexing import blind_column
from guiyan.platform.resealing import sealed_column
from guiyan.platform.retention import obey

sealed_column(
    "members.VaultField", "sealed", lambda row: vault.seal_context(row.kind, row.member_id)
)
blind_column(
    "members.VaultField",
    "blind",
    lambda row: (vault.number_of(row), row.kind),
    after=lambda rows: registering.note_duplicates_elsewhere(
        [row.member_id for row in rows if row.kind == "id_number"]
    ),
)
sealed_column("members.Correction", "sealed_wish", lambda wish: vault.wish_context(wish.id))


@job("members.obey_retention", cron="10 18 * * *")  # 02:10 in China
def obey_retention() -> None:
    """Whatever `fields.RETENTION` says is past its time goes, every night."""
    obey(RETENTION)


@job("members.erase_ended_files", cron="15 18 * * *")
def erase_ended_files() -> None:
    """Files whose time is over go after it (`ending`), in steps, each a transaction of its own."""
    by = Actor.system("members.erase_ended_files")
    some = ending.files_over(by.today)[: ending.AT_ONCE]
    if some:
        ending.erase_files(by=by, member_ids=some)
    if len(some) == ending.AT_ONCE:
        enqueue(erase_ended_files)
