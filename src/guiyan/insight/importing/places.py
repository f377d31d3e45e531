"""Places and organisations that a workbook names again and again, each looked up once."""

import re
from collections.abc import Iterable
from typing import Final

from guiyan.orgs import queries as orgs
from guiyan.orgs.kinds import Ability
from guiyan.orgs.types import OrganisationFacts, Place

# An address up to the last word for a place that is governed; the street and house don't matter.
_GOVERNED: Final = re.compile(r"\D*(?:社区|居委会|村委会|村|镇|乡|街道|区|县|旗|市|州|盟|省)")
COUNTY_LEVEL: Final = 3


class PlaceBook:
    """Divisions that addresses name, as written near one place."""

    def __init__(self, near: str) -> None:
        self._near = near
        self._found: dict[str, Place | None] = {}

    def find(self, text: str) -> Place | None:
        """The narrowest division that the text names; None for nothing or an unknown place."""
        governed = _GOVERNED.match(text)
        key = governed[0] if governed else text
        if not key:
            return None
        if key not in self._found:
            self._found[key] = orgs.place_of(key, near=self._near or None)
        return self._found[key]

    def code(self, text: str) -> str:
        place = self.find(text)
        return place.division_code if place else ""


class OrganisationBook:
    """Organisations of this deployment that a workbook names."""

    def __init__(self, under: str) -> None:
        self._under = under
        self._below: dict[str, OrganisationFacts | None] = {}
        self._anywhere: dict[str, OrganisationFacts | None] = {}
        self._of_division: dict[tuple[str, Ability], list[OrganisationFacts]] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Look up the names of a chunk below the organisation: one statement, then the rare."""
        unknown = {text for text in texts if text and text not in self._below}
        if not unknown:
            return
        exact = orgs.find_organisations(sorted(unknown), under=self._under)
        for text in unknown:
            found = exact.get(text)
            self._below[text] = found or orgs.find_organisation(text=text, under=self._under)

    def below(self, text: str) -> OrganisationFacts | None:
        """The one organisation below that is meant; None when none or several fit."""
        if not text:
            return None
        self.learn([text])
        return self._below[text]

    def anywhere(self, text: str) -> OrganisationFacts | None:
        """The one organisation of this deployment with exactly this name or code."""
        if not text:
            return None
        if text not in self._anywhere:
            self._anywhere[text] = orgs.find_organisations([text]).get(text)
        return self._anywhere[text]

    def committee_of(self, place: Place | None) -> OrganisationFacts | None:
        """The committee of the county or district that is named, where it is part of this
        deployment. A province or city alone says nothing about who takes the member in."""
        if place is None or place.level < COUNTY_LEVEL:
            return None
        found = self.of_division(place.division_code[:6].ljust(12, "0"), Ability.COMMITTEE)
        return found[0] if found else None

    def of_division(self, code: str, ability: Ability) -> list[OrganisationFacts]:
        """Open organisations of a division that may do this, the highest in the tree first."""
        if not code:
            return []
        if (code, ability) not in self._of_division:
            self._of_division[code, ability] = orgs.organisations_of_division(code, ability=ability)
        return self._of_division[code, ability]
