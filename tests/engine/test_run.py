"""Whole runs: the sample corpus, what is redone, what is refused, and what does not matter."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.engine.pages import Read
from pipeline.engine.stages import CLEAN, SEGMENT
from pipeline.engine.work import Judgement
from pipeline.store import payloads, rows
from tests.runs import ROOT, Place, page, story

SAMPLE = ROOT / "raw"


def test_counts_add_up(sample: Place) -> None:
    manifest = sample.manifest
    documents = sample.rows("documents")
    assert manifest["inputs"] == sum(manifest["documents"].values())
    assert len(documents) == manifest["documents"]["clean"] + manifest["documents"]["empty"]
    rejected = sample.rows("rejected.parquet")
    assert len(rejected) == manifest["documents"]["rejected"] + manifest["documents"]["skipped"]
    assert not {row["doc_id"] for row in documents} & {row["doc_id"] for row in rejected}
    assert manifest["removed_blocks"] == len(sample.rows("removed_blocks"))
    assert manifest["removed_blocks"] == sum(manifest["removed_by_reason"].values())
    assert manifest["mentions"] == len(sample.rows("mentions"))


def test_every_removed_block_says_why(sample: Place) -> None:
    removed = sample.rows("removed_blocks")
    assert removed
    assert all(row["reason"] and row["rule"] and row["text"] for row in removed)


def test_text_files_are_the_clean_documents(sample: Place) -> None:
    root = sample.clean / "latest" / "text"
    files = {str(path.relative_to(root)): path.read_text("utf-8") for path in root.rglob("*.txt")}
    clean = {row["doc_id"]: row for row in sample.rows("documents") if row["status"] == "clean"}
    assert files.keys() == {f"{doc_id}.txt" for doc_id in clean}
    for doc_id, row in clean.items():
        head = f"{row['title']}\n\n" if row["title"] else ""
        assert files[f"{doc_id}.txt"] == f"{head}{row['text']}\n"


def test_mentions_slice_to_their_canonical_form(sample: Place) -> None:
    texts = {row["doc_id"]: row["text"] for row in sample.rows("documents")}
    mentions = sample.rows("mentions")
    assert mentions
    for row in mentions:
        assert texts[row["doc_id"]][row["start"] : row["end"]]
    ours = [row for row in mentions if row["name_id"] == "shenzhou:12"]
    assert {texts[row["doc_id"]][row["start"] : row["end"]] for row in ours} == {"Shenzhou-12", "神舟十二号"}


def test_mentions_are_counted_by_document_and_month(sample: Place) -> None:
    months = sample.rows("mentions_by_month.parquet")
    assert sum(row["mentions"] for row in months) == len(sample.rows("mentions"))
    published = {row["doc_id"]: row["published"] for row in sample.rows("documents")}
    assert all(row["month"] == published[row["doc_id"]][:7] for row in months)


def test_the_two_editions_of_one_story_meet(sample: Place) -> None:
    clusters = {row["doc_id"]: row for row in sample.rows("clusters.parquet")}
    one = clusters["meridian-news/2021/shenzhou-12-riders.txt"]
    other = clusters["orbital-courier/shenzhou-xii-riders.html"]
    assert one["cluster_id"] == other["cluster_id"]
    assert [one["is_canonical"], other["is_canonical"]].count(True) == 1


def test_the_report_stands_by_itself_and_escapes(sample: Place) -> None:
    report = (sample.clean / "latest" / "report.html").read_text("utf-8")
    assert sample.release in report
    assert "<script" not in report
    assert "http" not in report.split("<body>")[0]


@pytest.mark.parametrize("shards", [4, 16])
def test_the_number_of_shards_changes_nothing(sample: Place, tmp_path: Path, shards: int) -> None:
    place = Place(SAMPLE, tmp_path / "clean")
    place.run("--shards", str(shards))
    assert place.release == sample.release
    for table in ("documents", "removed_blocks", "mentions", "clusters.parquet", "rejected.parquet"):
        assert place.rows(table) == sample.rows(table)


def test_the_order_of_the_inputs_changes_nothing(sample: Place, tmp_path: Path) -> None:
    """The same files, created in another order and under a luigi with two workers."""
    raw = tmp_path / "raw"
    paths = sorted((path for path in SAMPLE.rglob("*") if path.is_file()), key=lambda path: path.name[::-1])
    for path in paths:
        target = raw / path.relative_to(SAMPLE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    place = Place(raw, tmp_path / "clean")
    place.run("--workers", "2", "--shards", "3")
    assert place.release == sample.release


def test_nothing_runs_when_nothing_changed(place: Place) -> None:
    place.put("valley/tower.txt", story("tower"))
    place.run()
    results, manifest = place.results(), (place.clean / "latest" / "manifest.json").stat()
    assert place.run() == ""
    assert place.results() == results
    assert (place.clean / "latest" / "manifest.json").stat() == manifest


def test_one_changed_file_redoes_its_shard_alone(place: Place) -> None:
    for subject in ("tower", "bridge", "harbour", "market", "library", "orchard", "tunnel", "windmill"):
        place.put(f"{subject}-site/{subject}.txt", story(subject))
    place.run("--shards", "4")
    before = place.results()
    place.put("tower-site/tower.txt", story("tower", paragraphs=9))
    place.run("--shards", "4")
    assert stages(place.results() - before) == [
        "clean", "cluster", "names", "profile", "segment", "stories", "tables",
    ]  # fmt: skip


def stages(results: set[str]) -> list[str]:
    """The stage of each result, a shard's tables counted once."""
    return sorted(path.split("/")[0] for path in results if path.count(".") == 1)


def test_going_back_costs_nothing(place: Place) -> None:
    place.put("valley/tower.txt", story("tower"))
    place.run()
    first = place.release
    place.put("valley/tower.txt", story("tower", paragraphs=9))
    place.run()
    second, results = place.release, place.results()
    assert first != second
    place.put("valley/tower.txt", story("tower"))
    place.run()
    assert place.release == first
    assert place.results() == results


def test_documents_that_arrive_over_five_nights_give_the_release_of_one_batch(tmp_path: Path) -> None:
    subjects = ("tower", "bridge", "harbour", "market", "library")
    nights, batch = (Place(tmp_path / "raw", tmp_path / name) for name in ("nights", "batch"))
    for subject in subjects:
        nights.put(f"valley/{subject}.txt", story(subject))
        nights.run()
    batch.run()
    assert nights.release == batch.release


def test_a_name_family_of_ones_own_redoes_names_and_what_follows(place: Place, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "mine.toml").write_text((ROOT / "tests" / "engine" / "own_family.toml").read_text())
    place.put("valley/tower.txt", story("tower") + "\n\nThe barge Windrose IV lay at the quay that day.\n")
    place.run()
    before = place.results()
    place.run("--names-dir", str(own))
    assert stages(place.results() - before) == ["cluster", "names", "tables"]
    assert "Windrose-4" in place.rows("documents")[0]["text"]


def test_bad_inputs_are_recorded_and_the_run_goes_on(place: Place) -> None:
    place.put("good.txt", story("tower"))
    place.put("empty.txt", "")
    place.put("picture.html", b"\x89PNG\r\n\x1a\n" + bytes(200))
    place.put("good.txt.meta.json", "{not json")
    place.put("alone.txt.meta.json", "{}")
    os.mkfifo(place.raw / "pipe")
    (place.raw / "outside.txt").symlink_to("/etc/hostname")
    (place.raw / "nowhere.txt").symlink_to("gone.txt")
    (place.raw / os.fsdecode(b"caf\xe9.txt")).write_text(story("coffee house"))
    place.put("n" * 250, story("long name"))
    place.run()
    codes = {row["doc_id"]: row["code"] for row in place.rows("rejected.parquet")}
    assert codes == {
        "empty.txt": "E_EMPTY",
        "picture.html": "E_NOT_TEXT",
        "good.txt.meta.json": "E_BAD_SIDECAR",
        "alone.txt.meta.json": "E_BAD_SIDECAR",
        "pipe": "E_NOT_REGULAR",
        "outside.txt": "E_SYMLINK_OUTSIDE",
        "nowhere.txt": "E_VANISHED",
    }
    assert {row["doc_id"] for row in place.rows("documents")} == {"good.txt", "caf\\xe9.txt", "n" * 250}
    assert place.manifest["documents"] == {"clean": 3, "empty": 0, "rejected": 5, "skipped": 2}


def test_a_sidecar_tells_address_site_and_time(place: Place) -> None:
    place.put("tower.txt", story("tower"))
    place.put("tower.txt.meta.json", json.dumps({"url": "https://www.valley.example/tower", "fetched": "2024-05-01"}))
    place.run()
    (row,) = place.rows("documents")
    assert (row["url"], row["site"]) == ("https://www.valley.example/tower", "valley.example")


@pytest.mark.parametrize("make", [False, True], ids=["absent", "bare"])
def test_without_documents_the_previous_release_stays(place: Place, make: bool) -> None:
    place.put("tower.txt", story("tower"))
    place.run()
    release = place.release
    shutil.rmtree(place.raw)
    if make:
        place.raw.mkdir()
    assert str(place.raw) in place.run(code=40)
    assert place.release == release


def test_a_second_run_at_once_is_turned_away(place: Place) -> None:
    place.put("tower.txt", story("tower"))
    place.clean.mkdir()
    with (place.clean / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "another run" in place.run(code=10)
    place.run()


def test_a_wrong_table_stops_the_run_before_it_begins(place: Place, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "broken.toml").write_text("[[family]]\nid = ")
    place.put("tower.txt", story("tower"))
    assert "broken.toml" in place.run("--names-dir", str(own), code=40)
    assert not (place.clean / "latest").exists()


def test_a_task_that_fails_gives_an_exit_code_and_no_release(place: Place) -> None:
    place.put("tower.txt", story("tower"))
    place.clean.mkdir()
    (place.clean / ".state").mkdir()
    (place.clean / ".state" / "cluster").write_text("a file where a folder must be")
    place.run(code=30)
    assert not (place.clean / "latest").exists()
    (place.clean / ".state" / "cluster").unlink()
    place.run()
    assert place.manifest["documents"]["clean"] == 1


def test_clean_text_is_its_own_clean_text(sample: Place, tmp_path: Path) -> None:
    again = Place(sample.clean / "latest" / "text", tmp_path / "again")
    again.run()
    before = {f"{row['doc_id']}.txt": row for row in sample.rows("documents") if row["status"] == "clean"}
    after = {row["doc_id"]: row for row in again.rows("documents")}
    assert after.keys() == before.keys()
    changed = {
        doc_id: (row["title"], row["text"])
        for doc_id, row in after.items()
        if (row["title"], row["text"]) != (before[doc_id]["title"], before[doc_id]["text"])
    }
    assert not changed


SUBJECTS = ("tower", "bridge", "harbour", "market", "library", "orchard")


def test_only_documents_whose_evidence_changed_are_judged_again(place: Place) -> None:
    """A new page of one site leaves the rows of another site in the same shard as they were."""
    for subject in SUBJECTS:
        place.put(f"north/{subject}.txt", page("North", subject))
        place.put(f"south/{subject}.txt", page("South", subject.upper()))
    place.run("--shards", "1")
    mark(place, "clean")
    place.put("north/windmill.txt", page("North", "windmill"))
    place.run("--shards", "1")
    assert marked(place, "clean") == {f"south/{subject}.txt" for subject in SUBJECTS}


def test_a_ninth_story_of_a_site_is_no_news_for_the_others(place: Place) -> None:
    """Eight pages and nine say about as much of what they share."""
    several = (*SUBJECTS, "granary", "lighthouse")
    for subject in several:
        place.put(f"north/{subject}.txt", page("North", subject))
    place.run("--shards", "1")
    mark(place, "clean")
    place.put("north/windmill.txt", page("North", "windmill"))
    place.run("--shards", "1")
    assert marked(place, "clean") == {f"north/{subject}.txt" for subject in several}
    assert {row["site_pages"] for row in place.rows("removed_blocks")} == {8}


def test_a_new_file_leaves_the_pages_of_its_shard_unread(place: Place) -> None:
    place.put("tower.txt", story("tower"))
    place.run("--shards", "1")
    mark(place, "segment")
    place.put("bridge.txt", story("bridge"))
    place.run("--shards", "1")
    assert marked(place, "segment") == {"tower.txt"}


KINDS = {"segment": (Read, SEGMENT), "clean": (Judgement, CLEAN)}


def mark(place: Place, stage: str) -> None:
    """Writes a kind of page into every row of a stage's only result: whoever carries it later was taken over."""
    (path,) = (place.clean / ".state" / stage).glob("*.parquet")
    kind, schema = KINDS[stage]
    decode = payloads.decoder(kind).decode

    def marked(payload: bytes) -> bytes:
        row = decode(payload)
        if isinstance(row, Read):
            return payloads.encode(replace(row, page=replace(row.page, page_kind="MARKED")))
        return payloads.encode(replace(row, page_kind="MARKED"))

    changed = [row | {"payload": marked(row["payload"])} for row in rows.read(path)]
    rows.write(path, schema, changed, rows.facts(path))


def marked(place: Place, stage: str) -> set[str]:
    """The documents of a stage's newest result that carry the mark."""
    newest = max((place.clean / ".state" / stage).glob("*.parquet"), key=lambda path: path.stat().st_mtime_ns)
    return {row["doc_id"] for row in rows.read(newest) if b"MARKED" in row["payload"]}


def test_site_statistics_of_an_earlier_release_can_be_used_again(place: Place) -> None:
    """Pages that came later do not change how the earlier ones are judged."""
    for subject in SUBJECTS[:2]:
        place.put(f"north/{subject}.txt", page("North", subject))
    place.run()
    first, told = place.release, place.manifest["site_stats"]
    later = [place.put(f"north/{subject}.txt", page("North", subject)) for subject in SUBJECTS[2:]]
    place.run()
    assert place.manifest["site_stats"] != told
    seen = {row["site_pages"] for row in place.rows("removed_blocks")}
    assert seen == {len(SUBJECTS)}
    place.run("--site-stats", told)
    assert {row["site_pages"] for row in place.rows("removed_blocks")} == {2}
    for path in later:
        path.unlink()
    place.run("--site-stats", told)
    assert place.release == first


def test_unknown_site_statistics_are_a_configuration_error(place: Place) -> None:
    place.put("tower.txt", story("tower"))
    assert "site statistics" in place.run("--site-stats", "0123", code=40)


def test_loose_pages_that_are_made_alike_share_a_site(place: Place) -> None:
    for subject in SUBJECTS:
        place.put(f"{subject}.txt", page("North", subject))
    place.put("alone.txt", story("alone"))
    place.run()
    found = {row["doc_id"]: row["site"] for row in place.rows("documents")}
    assert found.pop("alone.txt") == ""
    (site,) = set(found.values())
    assert site
    assert all(row["site_pages"] == len(SUBJECTS) for row in place.rows("removed_blocks"))


def test_names_come_with_the_verdicts_at_first_and_are_those_that_their_own_stage_makes(place: Place) -> None:
    sites = ("north", "south", "east", "west")
    for site in sites:
        place.put(f"{site}/tower.html", page(site.title(), f"tower of Shenzhou XII in the {site}"))
        place.put(f"{site}/noise.txt", bytes(range(256)))
    first = place.run("--shards", "4", "--log-level", "INFO")
    assert "Clean" in first
    assert "Names(" not in first
    state = place.clean / ".state" / "names"
    made = {path.name: (rows.read_table(path).to_pylist(), rows.facts(path)) for path in state.glob("*.parquet")}
    shutil.rmtree(state)
    place.put("north/bridge.txt", page("North", "bridge"))
    assert "Names(" in place.run("--shards", "4", "--log-level", "INFO")
    again = {path.name: (rows.read_table(path).to_pylist(), rows.facts(path)) for path in state.glob("*.parquet")}
    kept = made.keys() & again.keys()
    assert any(row["rejection"] for name in kept for row in made[name][0])
    assert all(again[name] == made[name] for name in kept)
