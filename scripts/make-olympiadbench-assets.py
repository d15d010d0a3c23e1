"""Makes the OlympiadBench part of `midtrain reproduce gsm8k`: its statements with their first worked solutions, compressed.

    python scripts/make-olympiadbench-assets.py --olympiadbench FILE

FILE is evaluation/data/olympiadbench/test.jsonl of https://github.com/QwenLM/Qwen2.5-Math (675 problems, text only, English).
Every seventh problem is held out. Running it again on the same file gives the same bytes.
"""

import argparse
import gzip
import json
from pathlib import Path

ASSETS = Path(__file__).resolve().parent.parent / "apps" / "cli" / "assets" / "olympiadbench"
PROBLEMS = 675
HELD_OUT_EVERY = 7


def one_line(text: str) -> str:
    return " ".join(text.split())


def write_compressed(problems: list[dict[str, str]], file: Path) -> None:
    lines = "".join(json.dumps(problem, ensure_ascii=False) + "\n" for problem in problems)
    # No name and no time in the header, so that the bytes are decided by the problems.
    with file.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=raw, mtime=0) as packed:
        packed.write(lines.encode("utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--olympiadbench", type=Path, required=True)
    file = parser.parse_args().olympiadbench
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    if len(rows) != PROBLEMS:
        raise SystemExit(f"{file}: {len(rows)} problems, expected {PROBLEMS}")
    # A line ends the statement, as in GSM8K's documents.
    problems = [{"question": one_line(row["question"]), "answer": row["solution"][0].strip()} for row in rows]
    ASSETS.mkdir(parents=True, exist_ok=True)
    held_out = [problem for i, problem in enumerate(problems) if i % HELD_OUT_EVERY == 0]
    training = [problem for i, problem in enumerate(problems) if i % HELD_OUT_EVERY != 0]
    write_compressed(training, ASSETS / "train.jsonl.gz")
    write_compressed(held_out, ASSETS / "test.jsonl.gz")


if __name__ == "__main__":
    main()
