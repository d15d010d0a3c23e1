"""Grades labelled pairs with Math-Verify and compares its verdicts, and midtrain's, with the labels.

usage: check_math_verify.py FOLDER     where FOLDER holds, for each set of right, wrong and math-verify, SET.jsonl with
{"id", "gold", "prediction", "correct", …options} and SET.graded.jsonl, what `midtrain math grade` made of it.
Prints a table, the pairs that midtrain gets wrong, a line a check and, last, "N passed, N failed".
"""

import json
import logging
import re
import sys
from importlib.metadata import version
from pathlib import Path

from math_verify import ExprExtractionConfig, LatexExtractionConfig, StringExtractionConfig, parse, verify

TARGETS = {
    "latex": LatexExtractionConfig(boxed_match_priority=0),
    "expr": ExprExtractionConfig(),
    "string": StringExtractionConfig(),
}
SETS = {"math-verify": "its own cases", "right": "our right pairs", "wrong": "our wrong pairs"}
DELIMITED = re.compile(r"\$|\\\(|\\\[|boxed|fbox|####|</think>|\n|\*\*")


def delimited(text: str) -> str:
    """A bare answer between dollar signs, where Math-Verify looks for LaTeX; texts with prose stay as they are."""
    without_commands = re.sub(r"\\[a-zA-Z]+(\{[^{}]*\})?", " ", text)
    words = re.findall(r"[a-zA-Z]{3,}", without_commands)
    return text if DELIMITED.search(text) or len(words) > 1 else f"${text}$"


def accepts(pair: dict) -> bool:
    """Math-Verify's verdict; options that it does not have (significant digits, tolerance) are left out."""
    targets = [TARGETS[kind] for kind in pair.get("extract", ["latex", "expr"])]
    gold, prediction = (parse(delimited(pair[side]), targets) for side in ("gold", "prediction"))
    return verify(
        gold,
        prediction,
        float_rounding=pair.get("precision", 6),
        strict=pair.get("strict", True),
        allow_set_relation_comp=pair.get("allowSetRelation", False),
    )


def lines_of(path: Path) -> list:
    return [json.loads(line) for line in path.read_text().splitlines()]


def main() -> int:
    logging.disable(logging.CRITICAL)
    folder = Path(sys.argv[1])
    agreed, total, missed = {}, {}, []
    for name in SETS:
        pairs, graded = lines_of(folder / f"{name}.jsonl"), lines_of(folder / f"{name}.graded.jsonl")
        if [pair["id"] for pair in pairs] != [line["id"] for line in graded]:
            sys.exit(f"{name}.graded.jsonl is not in the order of {name}.jsonl")
        ours = [line["correct"] == pair["correct"] for pair, line in zip(pairs, graded)]
        theirs = [accepts(pair) == pair["correct"] for pair in pairs]
        total[name], agreed[name] = len(pairs), (sum(ours), sum(theirs))
        missed += [f"{name}: {pair['id']}: {pair['gold']!r}" for pair, right in zip(pairs, ours) if not right]

    print(f"| agrees with the label | midtrain | Math-Verify {version('math-verify')} |\n|---|---:|---:|")
    for name, title in SETS.items():
        shares = " | ".join(f"{right} of {total[name]} ({100 * right / total[name]:.1f} %)" for right in agreed[name])
        print(f"| {title} | {shares} |")
    print("\nmidtrain gets wrong:", *missed, sep="\n  ", end="\n\n")

    share = {name: [right / total[name] for right in agreed[name]] for name in SETS}
    checks = {
        "midtrain agrees with at least 99 % of Math-Verify's cases": share["math-verify"][0] >= 0.99,
        "midtrain accepts at least 98 % of the right pairs": share["right"][0] >= 0.98,
        "midtrain accepts no wrong pair": agreed["wrong"][0] == total["wrong"],
        "Math-Verify agrees with at least 97 % of its own cases, so the table is of them": share["math-verify"][1] >= 0.97,
        "midtrain does at least as well on our right pairs": share["right"][0] >= share["right"][1],
        "midtrain does at least as well on our wrong pairs": share["wrong"][0] >= share["wrong"][1],
    }
    for check, holds in checks.items():
        print(f"  {'ok      ' if holds else 'FAILED  '} {check}")
    passed = sum(checks.values())
    print(f"\n{passed} passed, {len(checks) - passed} failed")
    return 0 if passed == len(checks) else 1


if __name__ == "__main__":
    sys.exit(main())
