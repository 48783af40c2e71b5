"""Landing folders by date, by the real command: a release a day, gaps and late pages found, sites known as sites."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.runs import LUIGI, Place, page, story, told

DAYS = ("2026-11-18", "2026-11-19", "2026-11-20")


def of_range(place: Place, *arguments: str, stop: str = "2026-11-21", code: int = 0, **of: str) -> str:
    """The output of a run over the days from the 18th of November to the one before ``stop``."""
    given = json.dumps({"raw": str(place.raw), "clean": str(place.clean), **of})
    days = ("--start", "2026-11-18", "--stop", stop)
    command = (LUIGI, "--module", "pipeline", "RangeDaily", "--of", "CleanDay", *days, "--of-params", given)
    return told(*command, *arguments, code=code)


def of_day(place: Place, day: str) -> Place:
    return Place(place.raw / day, place.clean / day)


def documents(place: Place, day: str) -> set[str]:
    return {row["doc_id"] for row in of_day(place, day).rows("documents")}


def test_a_range_of_days(place: Place) -> None:
    place.put("2026-11-18/north/tower.txt", page("North", "tower"))
    (place.raw / "2026-11-19").mkdir()  # nothing came that day
    place.put("2026-11-20/north/bridge.txt", page("North", "bridge"))
    of_range(place, "--workers", "2")
    assert sorted(path.name for path in place.clean.iterdir()) == ["2026-11-18", "2026-11-20"]
    first = of_day(place, "2026-11-18").release
    assert "inputs" not in of_range(place)

    place.put("2026-11-20/north/late.txt", page("North", "harbour"))
    said = of_range(place, stop="2026-11-22", code=30)  # the 21st has not landed; that is missing data
    assert "2026-11-21" in said
    assert documents(place, "2026-11-20") == {"north/bridge.txt", "north/late.txt"}
    assert of_day(place, "2026-11-18").release == first

    place.put("2026-11-21/north/market.txt", page("North", "market"))
    of_range(place, stop="2026-11-22")
    assert documents(place, "2026-11-21") == {"north/market.txt"}


def test_a_day_that_fails_leaves_the_others_alone(place: Place) -> None:
    for day in DAYS[:2]:
        place.put(f"{day}/north/tower.txt", story("tower"))
    state = place.clean / DAYS[0] / ".state"
    state.mkdir(parents=True)
    (state / "cluster").write_text("a file where a folder must be")
    of_range(place, stop="2026-11-20", code=30)
    assert documents(place, DAYS[1]) == {"north/tower.txt"}
    assert not (place.clean / DAYS[0] / "latest").exists()
    (state / "cluster").unlink()
    of_range(place, stop="2026-11-20")
    assert documents(place, DAYS[0]) == {"north/tower.txt"}


def test_one_release_over_all_days_knows_the_sites_and_lends_days_its_statistics(place: Place) -> None:
    for day, subject in zip(DAYS, ("tower", "bridge", "harbour"), strict=True):
        place.put(f"{day}/north/{subject}.txt", page("North", subject))
    place.run()
    assert {row["site"] for row in place.rows("documents")} == {"north"}
    assert {row["site_pages"] for row in place.rows("removed_blocks")} == {3}
    for day in DAYS[:2]:
        shutil.rmtree(place.raw / day)
        (place.raw / day).mkdir()
    of_range(place, site_stats=place.manifest["site_stats"])
    assert {row["site_pages"] for row in of_day(place, DAYS[2]).rows("removed_blocks")} == {3}


@pytest.mark.parametrize(
    ("given", "says"), [({"names_dir": "absent"}, "absent"), ({"site_stats": "0123"}, "site statistics")]
)
def test_a_wrong_configuration_stops_the_range(place: Place, given: dict[str, str], says: str) -> None:
    place.put(f"{DAYS[0]}/north/tower.txt", story("tower"))
    assert says in of_range(place, code=40, **given)
    assert not list(Path(place.clean).glob("*/latest"))
