"""The PEFT side of peft.sh; adapters.mjs is the other.

usage: check_peft.py write FOLDER   makes the adapter of each FOLDER/<case>-by-peft with PEFT, on FOLDER/<case>/base
       check_peft.py check FOLDER   loads every adapter and merged model, compares with midtrain's ours.json, prints a line
                                    a check and, last, "N passed, N failed"
"""

import json
import sys
import warnings
from pathlib import Path

import peft
import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

MAX_DIFFERENCE_NATS = 1e-4
EVERY_PROJECTION = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
BY_PEFT = {
    "llama-by-peft": LoraConfig(r=4, lora_alpha=6, target_modules=EVERY_PROJECTION, lora_dropout=0.2),
    "qwen2-rslora-by-peft": LoraConfig(r=4, lora_alpha=5, target_modules="all-linear", use_rslora=True),
    "qwen3-pattern-by-peft": LoraConfig(r=3, target_modules=r".*layers\.[02]\..*(q_proj|up_proj)"),
    "llama-head-by-peft": LoraConfig(r=3, target_modules=["k_proj", "lm_head"]),
}


def load(directory: Path):
    return AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32).eval()


def write(folder: Path) -> None:
    for name, config in BY_PEFT.items():
        torch.manual_seed(len(name))
        config.task_type = "CAUSAL_LM"
        model = get_peft_model(load(folder / name / "base"), config)
        with torch.no_grad():
            for parameter_name, parameter in model.named_parameters():
                if "lora_B" in parameter_name:
                    parameter.normal_(std=0.1)
        model.save_pretrained(folder / name / "adapter")


def log_probs(model, token_ids) -> torch.Tensor:
    with torch.no_grad():
        logits_T_V = model(torch.tensor([token_ids])).logits[0, :-1].double()
    return torch.log_softmax(logits_T_V, dim=-1).gather(1, torch.tensor(token_ids[1:])[:, None])[:, 0]


def check_case(case: Path):
    """Yields (name, problem) for each check of one case; problem is None where it passed."""
    ours = json.loads((case / "ours.json").read_text())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = PeftModel.from_pretrained(load(case / "base"), case / "adapter").eval()
    strays = [str(entry.message) for entry in caught if "adapter keys" in str(entry.message)]
    yield f"{case.name}: PEFT knows every matrix and lacks none", strays[0] if strays else None

    theirs = {"adapted": log_probs(model, ours["tokenIds"])}
    with model.disable_adapter():
        theirs["base"] = log_probs(model, ours["tokenIds"])
    pairs = {"with the adapter": (theirs["adapted"], ours["adapted"]), "without it": (theirs["base"], ours["base"])}
    # Merged into a head that is the embedding, PEFT changes the embedding too, as it warns; midtrain unties them.
    if not (model.config.tie_word_embeddings and "lm_head" in model.peft_config["default"].target_modules):
        pairs["merged, each by its own"] = (log_probs(model.merge_and_unload(), ours["tokenIds"]), ours["merged"])
    transformers_reads = log_probs(load(case / "merged"), ours["tokenIds"])
    pairs["merged by midtrain, read by transformers"] = (transformers_reads, ours["adapted"])
    moved = (theirs["adapted"] - theirs["base"]).abs().max().item()
    for what, (theirs_T, ours_T) in pairs.items():
        difference = (theirs_T - torch.tensor(ours_T, dtype=torch.float64)).abs().max().item()
        problem = None if difference <= MAX_DIFFERENCE_NATS and moved > 0.1 else f"over {MAX_DIFFERENCE_NATS}"
        yield f"{case.name}: {what}, within {difference:.1e} nats (the adapter moves them by {moved:.2g})", problem


def check(folder: Path) -> int:
    print(f"peft {peft.__version__}, transformers {transformers.__version__}, torch {torch.__version__}")
    passed = failed = 0
    for case in sorted(path.parent for path in folder.glob("*/ours.json")):
        for name, problem in check_case(case):
            passed += problem is None
            failed += problem is not None
            print(f"  ok       {name}" if problem is None else f"  FAILED   {name}\n             {problem}")
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    mode, folder = sys.argv[1], Path(sys.argv[2])
    sys.exit(write(folder) if mode == "write" else check(folder))
