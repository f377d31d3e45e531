"""Which columns of premises are sealed, so that they follow when the key is renewed."""

from guiyan.outreach.commands import seal_context
from guiyan.platform.resealing import sealed_column

sealed_column("outreach.Premises", "manager_sealed", lambda row: seal_context("manager", row.id))
sealed_column("outreach.Premises", "phone_sealed", lambda row: seal_context("phone", row.id))
