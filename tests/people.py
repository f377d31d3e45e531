"""Invented people: numbers are made while the tests run, with areas and prefixes nobody has."""

from guiyan.kernel.invented import MEIGU_AREA, invented_id, invented_phone

__all__ = ["MEIGU_AREA", "invented_id", "invented_phone"]
