"""Names: every spelling of a known name becomes its canonical form, every mention is recorded, nothing else changes.

A name is a family and a designator ("Shenzhou" and "12"), or a listed phrase. The families are data
(``seeds/names/*.toml``); the code knows separators, numerals, lists and guards, and no domain.
"""

from pipeline.names.checks import read_gazetteer
from pipeline.names.gazetteer import Gazetteer
from pipeline.names.normalise import normalise

__all__ = ["Gazetteer", "normalise", "read_gazetteer"]
