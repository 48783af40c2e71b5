"""Text files from release to release: what stays is the same file, what changes or goes leaves the old one alone."""

from __future__ import annotations

from tests.runs import Place, story


def test_texts_that_stay_are_links(place: Place) -> None:
    for subject in ("tower", "bridge", "market"):
        place.put(f"{subject}/story.txt", story(subject))
    place.run("--shards", "2", "--keep-releases", "0")
    first = (place.clean / "latest").resolve() / "text"
    before = {name: (first / name / "story.txt.txt").read_text() for name in ("tower", "bridge", "market")}
    place.put("bridge/story.txt", story("harbour"))
    (place.raw / "market/story.txt").unlink()
    place.run("--shards", "2", "--keep-releases", "0")
    second = (place.clean / "latest").resolve() / "text"
    assert (second / "tower/story.txt.txt").samefile(first / "tower/story.txt.txt")
    assert "harbour" in (second / "bridge/story.txt.txt").read_text()
    assert sorted(path.name for path in second.iterdir()) == ["bridge", "tower"]
    assert {name: (first / name / "story.txt.txt").read_text() for name in before} == before
