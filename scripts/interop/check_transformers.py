"""Loads model directories that midtrain wrote with `transformers` and compares tokens and predictions with midtrain's.

usage: check_transformers.py FOLDER     where FOLDER/<case>/model is a model directory and FOLDER/<case>/expected.json
says what midtrain computed with it: {"texts": [{"text", "tokenIds", "logProbs", "entropies", "greedyTokenIds"}]},
the last three with a number for each token but the first, in nats where they are no ids.
Prints a line a check and, last, "N passed, N failed".
"""

import json
import sys
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer

MAX_DIFFERENCE_NATS = 1e-4


def check_case(case: Path):
    """Yields (name, problem) for each check of one case; problem is None where it passed."""
    expected = json.loads((case / "expected.json").read_text())
    tokenizer = AutoTokenizer.from_pretrained(case / "model")
    model, loading = AutoModelForCausalLM.from_pretrained(
        case / "model", dtype=torch.float32, output_loading_info=True
    )
    model.eval()
    strays = {kind: sorted(keys) for kind, keys in loading.items() if keys}
    yield f"{case.name}: every weight is known and none is missing", str(strays) if strays else None

    for entry in expected["texts"]:
        name = f"{case.name}: {entry['text'][:40]!r}"
        token_ids = tokenizer(entry["text"])["input_ids"]
        same = token_ids == entry["tokenIds"]
        yield f"{name}: tokens", None if same else f"transformers {token_ids}, midtrain {entry['tokenIds']}"

        with torch.no_grad():
            logits_T_V = model(torch.tensor([entry["tokenIds"]])).logits[0, :-1].double()
        log_probs_T_V = torch.log_softmax(logits_T_V, dim=-1)
        targets_T = torch.tensor(entry["tokenIds"][1:])
        theirs = {
            "logProbs": log_probs_T_V.gather(1, targets_T[:, None])[:, 0],
            "entropies": -(log_probs_T_V.exp() * log_probs_T_V).sum(dim=-1),
        }
        for field, theirs_T in theirs.items():
            ours_T = torch.tensor(entry[field], dtype=torch.float64)
            difference = (theirs_T - ours_T).abs().max().item() if theirs_T.shape == ours_T.shape else float("inf")
            spread = theirs_T.std().item()
            problem = None if difference <= MAX_DIFFERENCE_NATS else f"over {MAX_DIFFERENCE_NATS}"
            yield f"{name}: {field} within {difference:.1e} nats (their deviation is {spread:.2g})", problem
        greedy = logits_T_V.argmax(dim=-1).tolist()
        yield f"{name}: most likely tokens", None if greedy == entry["greedyTokenIds"] else f"transformers {greedy}"


def main() -> int:
    cases = sorted(path.parent for path in Path(sys.argv[1]).glob("*/expected.json"))
    if not cases:
        sys.exit(f"{sys.argv[1]} holds no <case>/expected.json")
    print(f"transformers {transformers.__version__}, torch {torch.__version__}")
    passed = failed = 0
    for case in cases:
        for name, problem in check_case(case):
            passed += problem is None
            failed += problem is not None
            print(f"  ok       {name}" if problem is None else f"  FAILED   {name}\n             {problem}")
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
