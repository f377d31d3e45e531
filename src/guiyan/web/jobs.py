"""Work of the night: complaints and suggestions go when their time is over."""

from guiyan.platform.jobs import job
from guiyan.platform.retention import obey
from guiyan.web.fields import RETENTION


@job("web.obey_retention", cron="25 18 * * *")
def obey_retention() -> None:
    """Whatever `fields.RETENTION` says is past its time goes, every night."""
    obey(RETENTION)
