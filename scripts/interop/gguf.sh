#!/usr/bin/env bash
# Converts SmolLM2-135M-Instruct from GGUF with midtrain; compares its weights with those that the Python package gguf
# reads, and its tokens and predictions with those of Hugging Face transformers, which loads both the directory and the
# GGUF file; scores GSM8K's text.
set -euo pipefail
cd "$(dirname "$0")/../.."
source scripts/interop/lib/python.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

install_python "$work/venv"
model=$work/models/smollm2/model
KEEP_GGUF=$work/smollm2.gguf scripts/fetch-smollm2.sh "$model"
node scripts/interop/write-predictions.mjs "$work/models/smollm2"
node apps/cli/dist/index.js eval lm "$model" --corpus apps/cli/assets/gsm8k/test.jsonl.gz \
  --template $'{question}\n{answer}' --documents 60 --backend wasm --json >"$work/score.json"

HF_HUB_OFFLINE=1 TQDM_DISABLE=1 "$python" scripts/interop/check_gguf.py "$work/smollm2.gguf" "$work/models/smollm2" "$work/score.json"
