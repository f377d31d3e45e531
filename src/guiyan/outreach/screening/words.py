"""Codes of the screening in words."""

from django.utils.translation import gettext_lazy as _

from guiyan.outreach.census.rules import PARTLY
from guiyan.outreach.census.words import Words
from guiyan.outreach.screening import rules

ANSWER: Words = {code: _(word) for code, word in rules.ANSWERS.items()}
STATE: Words = {code: _(word) for code, word in rules.STATES.items()}
TONE = {rules.SCREENED: "good", PARTLY: "warn"}
