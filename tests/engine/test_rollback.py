"""Going back: latest leads where a person says, and stays there while runs go on, until the person lets it go."""

from __future__ import annotations

from tests.runs import Place, page

Nights = tuple[Place, tuple[str, ...]]


def listed(place: Place) -> list[tuple[str, str, str]]:
    """The marks, the digest and the count of clean documents of each line of ``releases``."""
    lines = place.command("releases").splitlines()
    return [(line[:2].strip(), line[3:].split()[0], line.partition(" clean")[0].split()[-1]) for line in lines]


def test_back_by_one_then_by_another_then_to_a_named_one(nights: Nights) -> None:
    place, (first, second, third) = nights
    assert listed(place) == [("", first, "1"), ("", second, "2"), ("*", third, "3")]
    assert f"-> {second} (was {third})" in place.command("rollback")
    assert place.release == second
    place.command("rollback")
    assert listed(place) == [("*p", first, "1"), ("", second, "2"), ("", third, "3")]
    assert "no release before" in place.command("rollback", code=40)
    place.command("rollback", second[:6])
    assert place.release == second
    assert "no such release" in place.command("rollback", "feedfeed", code=40)
    assert "takes no other" in place.command("rollback", second, "--unpin", code=40)
    assert place.release == second


def test_runs_go_on_making_releases_but_latest_stays(nights: Nights) -> None:
    place, (first, second, third) = nights
    place.command("rollback", first)
    results = place.results()
    assert f"latest stays at {first}" in place.run()
    assert place.results() == results
    place.put("north/orchard.txt", page("North", "orchard"))
    assert f"latest stays at {first}" in place.run("--keep-releases", "1")
    assert place.release == first
    (new,) = place.releases - {first, second, third}
    assert place.releases == {first, new}  # the pinned one and the newest
    place.command("rollback", "--unpin")
    assert place.release == new
    assert place.run() == ""
    place.put("north/library.txt", page("North", "library"))
    place.run()
    assert place.release not in {first, new}


def test_without_a_history_releases_are_ordered_by_age(nights: Nights) -> None:
    place, (first, second, third) = nights
    (place.clean / ".history.json").unlink()
    assert [digest for _, digest, _ in listed(place)] == [first, second, third]
    place.command("rollback")
    assert place.release == second


def test_going_back_to_old_inputs_makes_their_release_the_newest(nights: Nights) -> None:
    place, (first, second, third) = nights
    (place.raw / "north" / "harbour.txt").unlink()
    place.run()
    assert [digest for _, digest, _ in listed(place)] == [first, third, second]
    place.command("rollback")
    assert place.release == third


def test_a_folder_without_releases(place: Place) -> None:
    place.clean.mkdir()
    assert "no releases there" in place.command("releases")
    assert "no release before" in place.command("rollback", code=40)
    assert "no releases there" in place.command("rollback", "--unpin", code=40)
