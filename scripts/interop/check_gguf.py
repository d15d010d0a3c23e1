"""Compares a model directory that midtrain converted from GGUF with what other programs make of the same file.

usage: check_gguf.py MODEL.gguf FOLDER SCORE.json      FOLDER holds model/ and expected.json (write-predictions.mjs);
SCORE.json is what `midtrain eval lm --json` says of the first 60 documents of GSM8K's test set.
Prints a line a check and, last, "N passed, N failed".
"""

import json
import sys
from pathlib import Path

import gguf
import numpy
import torch
from check_transformers import check_case
from safetensors.numpy import load_file
from transformers import AutoModelForCausalLM

# In float32 over 30 layers, two orders of the same sums differ by about this much.
MAX_LOGIT_DIFFERENCE = 2e-3
# What PyTorch says on the same tokens.
GSM8K = {"tokens": 10924, "accuracy": 0.578, "nll": 1.905, "hard": 0.382}
PARTS = {
    "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}  # fmt: skip


def unpermuted(weight: numpy.ndarray, heads: int) -> numpy.ndarray:
    rows, columns = weight.shape
    return weight.reshape(heads, rows // heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)


def reference_weights(reader: gguf.GGUFReader) -> dict[str, numpy.ndarray]:
    heads = {"attn_q": "llama.attention.head_count", "attn_k": "llama.attention.head_count_kv"}
    weights = {}
    for tensor in reader.tensors:
        weight = gguf.dequantize(tensor.data, tensor.tensor_type).astype(numpy.float32)
        _, *layer, part, _ = ["", *tensor.name.split(".")]
        if part in heads:
            weight = unpermuted(weight, reader.fields[heads[part]].contents())
        stem = {"token_embd": "model.embed_tokens", "output_norm": "model.norm"}.get(part)
        weights[f"{stem or f'model.layers.{layer[1]}.{PARTS[part]}'}.weight"] = weight
    return weights


def check_weights(file: Path, model: Path):
    ours, theirs = load_file(model / "model.safetensors"), reference_weights(gguf.GGUFReader(file))
    same = ours.keys() == theirs.keys()
    yield "weights: the same names", None if same else str(sorted(ours.keys() ^ theirs.keys())[:5])
    different = [name for name in theirs if name not in ours or not numpy.array_equal(ours[name], theirs[name])]
    yield f"weights: {len(theirs)} tensors, each value as the package gguf has it", str(different[:5]) if different else None


def check_logits(file: Path, folder: Path):
    """transformers reads GGUF by code of its own: un-permutation, configuration, tied head."""
    token_ids = json.loads((folder / "expected.json").read_text())["texts"][0]["tokenIds"]
    logits = []
    for directory, options in ((folder / "model", {}), (file.parent, {"gguf_file": file.name})):
        model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, **options).eval()
        with torch.no_grad():
            logits.append(model(torch.tensor([token_ids])).logits)
    difference = (logits[0] - logits[1]).abs().max().item()
    name = f"transformers: logits of the directory and of the GGUF file within {difference:.1e} (deviation {logits[1].std().item():.2g})"
    yield name, None if difference <= MAX_LOGIT_DIFFERENCE else f"over {MAX_LOGIT_DIFFERENCE}"


def check_score(file: Path):
    score = json.loads(file.read_text())
    yield f"GSM8K: {score['tokens']} tokens", None if score["tokens"] == GSM8K["tokens"] else f"expected {GSM8K['tokens']}"
    found = {
        "accuracy": score["accuracy"]["accuracy"],
        "hard": next(tier["accuracy"] for tier in score["tiers"] if tier["name"] == "hard"),
    }
    for key, value in found.items():
        close = abs(value - GSM8K[key]) <= 0.005
        yield f"GSM8K: {key} {value:.4f}", None if close else f"expected {GSM8K[key]} ± 0.005"
    close = abs(score["nll"] - GSM8K["nll"]) <= 0.005
    yield f"GSM8K: {score['nll']:.4f} nats a token", None if close else f"expected {GSM8K['nll']} ± 0.005"


def main() -> int:
    file, folder, score = (Path(argument).resolve() for argument in sys.argv[1:4])
    passed = failed = 0
    for checks in (check_weights(file, folder / "model"), check_case(folder), check_logits(file, folder), check_score(score)):
        for name, problem in checks:
            passed += problem is None
            failed += problem is not None
            print(f"  ok       {name}" if problem is None else f"  FAILED   {name}\n             {problem}", flush=True)
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
