"""The command line beside Luigi's: look after releases, look into one page, check seed data, train and measure.

python -m pipeline releases                  what was published, and where latest leads
python -m pipeline rollback [RELEASE]        lead latest back; --unpin lets it go on
python -m pipeline gc [--dry-run]            remove what no kept release needs
python -m pipeline why DOCUMENT              why it would be redone, and what its published form was made from

python -m pipeline explain FILE ...          every block with its verdict and why
python -m pipeline names FILE                every name in a text
python -m pipeline check-seeds FOLDER        the five documents of seeds/documents.toml, line by line
python -m pipeline train html|text ...       the models from the development corpora
python -m pipeline evaluate ...              quality beside other extractors
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline import names, operations, show, steps
from pipeline.engine import exits
from pipeline.engine.exits import Exit
from pipeline.model import ConfigError, Hints, Rejection
from pipeline.store import check, environment, files, seeds
from pipeline.store.seeds import Options

EXIT_FAILED = 1
EXIT_CONFIG = 40
_PIPED_WIDTH = 10_000  # no line is cut where a program reads


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    parser = _parser()
    parsed, others = parser.parse_known_args(arguments)
    parsed.others = others
    if others and not hasattr(parsed, "passes_on"):
        parser.error(f"unknown arguments: {' '.join(others)}")
    run: Callable[[argparse.Namespace], int] = parsed.run
    try:
        code = run(parsed)
        sys.stdout.flush()
        return code
    except ConfigError as error:
        exits.say(str(error))
        return EXIT_CONFIG
    except BrokenPipeError:  # the reader, such as head, has seen enough
        files.lead_nowhere(sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.filename is None:  # what was to be shown finds no room; Python would try again at its end
            files.lead_nowhere(sys.stdout.fileno())
        exits.say(f"{error.filename or 'standard output'}: {error.strerror}")
        return Exit.ENVIRONMENT if environment.problem(error, Path()) else EXIT_FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pipeline", description="Winnow's commands beside Luigi's.")
    commands = parser.add_subparsers(required=True, metavar="command")
    operations.add_commands(commands)

    explain = commands.add_parser("explain", help="every block of a page with its verdict, reason and rule")
    explain.add_argument("file", type=Path, nargs="+")
    explain.add_argument("--url", help="the address the page came from")
    explain.set_defaults(run=_explain)

    named = commands.add_parser("names", help="every known name in a text, with offsets in its canonical form")
    named.add_argument("file", type=Path)
    named.add_argument("--names-dir", type=Path, help="folder with name families of your own (*.toml)")
    named.set_defaults(run=_names)

    checked = commands.add_parser("check-seeds", help="check copies of the five first documents line by line")
    checked.add_argument("folder", type=Path)
    checked.set_defaults(run=_check_seeds)

    train = commands.add_parser("train", help="train a model; needs the extra 'learning'")
    train.add_argument("kind", choices=["html", "text"])
    train.add_argument(
        "--corpus", type=Path, required=True, nargs="+", help="folders with corpora (*.parquet), or files"
    )
    train.add_argument("--out", type=Path, required=True, help="where the model goes (*.npz)")
    train.set_defaults(run=_train)

    evaluate = commands.add_parser("evaluate", help="quality on pages not trained on, beside other extractors")
    what = evaluate.add_mutually_exclusive_group(required=True)
    pages = "pages (*.parquet: html, main_text, optionally url, site, page_type)"
    what.add_argument("--corpus", type=Path, nargs="+", help=pages)
    what.add_argument("--metadata", type=Path, help="title, author and date: pages (or a folder) with *_lines.parquet")
    what.add_argument("--text", type=Path, help="folder with flattened pages (*_lines.parquet), always in folds")
    evaluate.add_argument("--folds", action="store_true", help="fit models anew in folds grouped by site")
    evaluate.add_argument(
        "--least", type=float, nargs="+", default=[], help="fail below this mean word F1, corpus by corpus"
    )
    evaluate.set_defaults(run=_evaluate)
    return parser


def _explain(parsed: argparse.Namespace) -> int:
    kit = replace(seeds.load_kit(Options()), explain=True)
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _PIPED_WIDTH
    rejected = False
    for file in parsed.file:
        for result in steps.clean(file.read_bytes(), file.name, Hints(url=parsed.url), kit):
            rejected |= isinstance(result, Rejection)
            for line in show.explain(result, colour=colour, width=width):
                print(line)
    return EXIT_FAILED if rejected else 0


def _names(parsed: argparse.Namespace) -> int:
    gazetteer = seeds.load_kit(Options(names_dir=parsed.names_dir)).gazetteer
    for line in show.mentions(names.normalise(parsed.file.read_text("utf-8"), gazetteer)):
        print(line)
    return 0


def _check_seeds(parsed: argparse.Namespace) -> int:
    problems, checked = check.check(parsed.folder, seeds.load_kit(Options()))
    for problem in problems:
        print(problem)
    print(f"{checked} documents checked, {len(problems)} differences")
    return EXIT_FAILED if problems or not checked else 0


def _train(parsed: argparse.Namespace) -> int:
    if parsed.kind == "html":
        from pipeline.learning import html

        html.train(parsed.corpus, parsed.out)
        return 0
    from pipeline.learning import text

    if len(parsed.corpus) > 1:
        raise ConfigError("the text model is trained on one folder")
    text.train(parsed.corpus[0], parsed.out)
    return 0


def _evaluate(parsed: argparse.Namespace) -> int:
    if parsed.text:
        from pipeline.learning import text_evaluate

        print(text_evaluate.evaluate(parsed.text))
        return 0
    if parsed.metadata:
        from pipeline.learning import html_metadata

        html_metadata.evaluate_all(parsed.metadata, seeds.load_kit(Options()))
        return 0
    from pipeline.learning import html as learning

    measured = learning.evaluate(parsed.corpus, seeds.load_kit(Options()), folds=parsed.folds)
    fallen = [
        f"winnow: the mean word F1 on {file.stem} is below {least}"
        for file, outcomes, least in zip(parsed.corpus, measured, parsed.least, strict=False)
        if not learning.floors_kept(outcomes, least)
    ]
    print("\n".join(fallen), file=sys.stderr)
    return EXIT_FAILED if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
