"""The whole written table: the house's own and those of single topics."""

from tests.integration.web.permission_table import TABLE, Row
from tests.integration.web.table_cadence import CADENCE
from tests.integration.web.table_census import CENSUS
from tests.integration.web.table_hotline import HOTLINE
from tests.integration.web.table_messages import MESSAGES

WHOLE: tuple[Row, ...] = (*TABLE, *CENSUS, *CADENCE, *HOTLINE, *MESSAGES)
