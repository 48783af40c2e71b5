"""Luigi done properly: what luigid's page shows, its metrics, letters when a task fails, help, and our own metrics."""

from __future__ import annotations

import importlib.util
import json
import re
from dataclasses import replace
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest

import pipeline.days
import pipeline.parameters
import pipeline.tasks
from tests.engine.servers import luigid, mail_server
from tests.runs import LUIGI, Place, page, story, told

SUBJECTS = ("tower", "bridge", "harbour", "market")
PROMETHEUS = importlib.util.find_spec("prometheus_client") is not None
NUMBER = r"[-+]?\d+(\.\d+)?(e[-+]?\d+)?"


def test_luigids_page_shows_how_far_a_run_is_and_where_the_report_lies(place: Place, tmp_path: Path) -> None:
    for subject in SUBJECTS:
        place.put(f"{subject}-site/{subject}.txt", page("North", subject))
    with luigid(tmp_path, "prometheus" if PROMETHEUS else "none") as daemon:
        command = (LUIGI, "--module", "pipeline", "CleanAll", "--raw", place.raw, "--clean", place.clean)
        told(*command, "--workers", "2", "--shards", "4", LUIGI_CONFIG_PATH=str(daemon.config))
        shown = daemon.tasks()
        report = (place.clean / "releases" / place.release / "report.html").resolve()
        (whole,), (publish,) = shown["CleanAll"], shown["Publish"]
        for task in (whole, publish):
            assert task["status"] == "DONE"
            assert task["progress_percentage"] == 100
            assert task["tracking_url"] == report.as_uri()
        assert report.is_file()
        assert whole["status_message"] == f"published release {place.release}"
        assert publish["status_message"].startswith("4 inputs: 4 clean, 0 empty")
        assert len(shown["Segment"]) == len(list((place.clean / ".state" / "segment").glob("*.parquet"))) > 1
        assert max(task["progress_percentage"] for task in shown["Segment"]) == 100
        assert all(re.match(r"reading: \d of about \d documents", task["status_message"]) for task in shown["Segment"])
        assert _said(shown) >= {
            "reading", "counting blocks per site", "judging", "finding near-duplicates", "writing tables"
        }  # fmt: skip

        place.put("north/orchard.txt", page("North", "orchard"))  # the task of last night is asked for again
        told(*command, "--workers", "2", "--shards", "4", LUIGI_CONFIG_PATH=str(daemon.config))
        assert place.manifest["documents"]["clean"] == 5
        assert daemon.tasks()["CleanAll"][0]["status_message"] == f"published release {place.release}"
        assert "naming" in _said(daemon.tasks())
        if PROMETHEUS:
            measured = daemon.get("metrics")
            assert 'luigi_task_done_total{family="CleanAll"} 2.0' in measured
            assert 'luigi_task_execution_time_seconds{family="Segment"}' in measured


def _said(shown: dict[str, list[dict[str, Any]]]) -> set[str]:
    """How the last message of each task begins."""
    return {task["status_message"].partition(":")[0] for tasks in shown.values() for task in tasks}


def test_where_little_has_changed_a_task_makes_several_results(place: Place, tmp_path: Path) -> None:
    """Three changed pages in shards of their own take two tasks of each stage, and the release is that of one run."""
    for number in range(60):
        place.put(f"site-{number}/page.txt", story(f"page {number}", paragraphs=2))
    fresh = replace(place, clean=tmp_path / "fresh")
    with luigid(tmp_path, "none") as daemon:

        def run(at: Place) -> None:
            command = (
                LUIGI,
                "--module",
                "pipeline",
                "CleanAll",
                "--raw",
                at.raw,
                "--clean",
                at.clean,
                "--shards",
                "32",
            )
            told(*command, LUIGI_CONFIG_PATH=str(daemon.config))

        run(place)
        before, results = daemon.tasks(), place.results()
        assert all(len(json.loads(task["params"]["numbers"])) == 1 for task in before["Segment"])
        for number in (3, 14, 25):
            place.put(f"site-{number}/page.txt", story(f"another page {number}", paragraphs=2))
        run(place)
        after, made = daemon.tasks(), place.results() - results
        for stage in ("Segment", "Clean"):
            known = {task["params"]["keys"] for task in before[stage]}
            numbers = [
                json.loads(task["params"]["numbers"]) for task in after[stage] if task["params"]["keys"] not in known
            ]
            assert sorted(map(len, numbers)) == [1, 2]
        for stage in ("segment", "clean", "names"):
            assert len({path for path in made if path.startswith(f"{stage}/")}) == 3
        run(fresh)
    assert place.release == fresh.release


def test_a_task_that_fails_is_askedby_letter(place: Place, tmp_path: Path) -> None:
    place.put("tower.txt", story("tower"))
    (place.clean / ".state").mkdir(parents=True)
    (place.clean / ".state" / "cluster").write_text("a file where a folder must be")
    config = tmp_path / "mail.cfg"
    with mail_server() as box:
        config.write_text(
            "[email]\nreceiver = desk@valley.example\nsender = winnow@valley.example\nprefix = [winnow]\n"
            f"[smtp]\nhost = 127.0.0.1\nport = {box.port}\nno_tls = true\n"
        )
        command = (LUIGI, "--module", "pipeline", "CleanAll", "--raw", place.raw, "--clean", place.clean)
        told(*command, code=30, LUIGI_CONFIG_PATH=str(config))
        failed, *_ = map(message_from_string, box.letters)
        assert failed["To"] == "desk@valley.example"
        assert failed["Subject"].startswith("[winnow] Luigi:")
        assert "Cluster" in failed["Subject"]
        (body,) = (part.get_payload(decode=True) for part in failed.get_payload())  # type: ignore[union-attr]
        assert str(place.clean) in body.decode()
        (place.clean / ".state" / "cluster").unlink()
        letters = len(box.letters)
        told(*command, LUIGI_CONFIG_PATH=str(config))
        assert len(box.letters) == letters


@pytest.mark.parametrize("task", [pipeline.tasks.CleanAll, pipeline.days.CleanDay])
def test_help_describes_every_parameter(task: type[pipeline.parameters.Run]) -> None:
    said = " ".join(told(LUIGI, "--module", "pipeline", task.__name__, "--help").split())
    for name, parameter in task.get_params():  # type: ignore[no-untyped-call]
        assert f"--{name.replace('_', '-')} " in said
        assert len(parameter.description) > 20, name
        own = parameter.description.partition("Choices:")[0]  # Luigi lists these in any order
        assert " ".join(own.split()) in said, name


def metrics(place: Place) -> dict[str, float]:
    """The samples of the textfile, which must be in the format of Prometheus: HELP, TYPE, then samples of one name."""
    found: dict[str, float] = {}
    name = ""
    for line in (place.clean / "metrics.prom").read_text().splitlines():
        if line.startswith("# HELP"):
            name = line.split()[2]
        elif line.startswith("# TYPE"):
            assert line == f"# TYPE {name} gauge"
        else:
            match = re.fullmatch(rf'({name}({{[a-z]+="[^"\\]+"}})?) ({NUMBER})', line)
            assert match, line
            found[match[1]] = float(match[3])
    return found


def test_a_monitor_finds_what_a_release_counts_and_when_a_run_last_ended_well(place: Place) -> None:
    place.put("tower.txt", page("North", "tower"))
    place.put("empty.txt", "")
    place.run()
    first, manifest = metrics(place), place.manifest
    assert {name: first[f'winnow_inputs{{status="{name}"}}'] for name in manifest["documents"]} == manifest["documents"]
    assert first['winnow_rejected{code="E_EMPTY"}'] == 1
    removed = {name: first[f'winnow_removed_blocks{{reason="{name}"}}'] for name in manifest["removed_by_reason"]}
    assert removed == manifest["removed_by_reason"]
    assert removed
    assert first["winnow_latest_is_pinned"] == 0
    old = (place.clean / "metrics.prom").read_text().replace(
        f"success_timestamp_seconds {first['winnow_last_success_timestamp_seconds']:.0f}", "success_timestamp_seconds 1"
    )  # fmt: skip
    (place.clean / "metrics.prom").write_text(old)
    assert metrics(place)["winnow_last_success_timestamp_seconds"] == 1
    place.run()  # with nothing to do
    again = metrics(place)
    assert again["winnow_last_success_timestamp_seconds"] >= first["winnow_last_success_timestamp_seconds"]
    assert again["winnow_published_timestamp_seconds"] == first["winnow_published_timestamp_seconds"]
    place.put("bad.txt.meta.json", json.dumps(["wrong"]))
    (place.clean / ".state" / "cluster").rename(place.clean / ".state" / "aside")
    (place.clean / ".state" / "cluster").write_text("a file where a folder must be")
    before = (place.clean / "metrics.prom").read_bytes()
    place.put("bridge.txt", page("North", "bridge"))
    place.run(code=30)
    assert (place.clean / "metrics.prom").read_bytes() == before
