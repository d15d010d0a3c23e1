#!/usr/bin/env bash
# Converts SmolLM2-135M-Instruct from GGUF with midtrain; compares its weights with those that the Python package gguf
# reads, and its tokens and predictions with those of Hugging Face transformers, which loads both the directory and the
# GGUF file; scores GSM8K's text. Installs what it compares with into a folder of its own, which it removes; with
# INTEROP_PYTHON it takes an interpreter that has torch, transformers, gguf, accelerate and safetensors.
set -euo pipefail
cd "$(dirname "$0")/../.."
NEEDED_GB=11
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip() {
  printf 'Skipped: %s.\n\n0 passed, 0 failed\n' "$1"
  exit 0
}

python3=$(command -v python3) || skip 'there is no python3 on this machine'
free_gb=$(df -Pk "$work" | awk 'NR == 2 { print int($4 / 1048576) }')
[[ $free_gb -ge $NEEDED_GB ]] || skip "torch and the model need $NEEDED_GB GB of disk for a while, and $work has $free_gb"

model=$work/models/smollm2/model
KEEP_GGUF=$work/smollm2.gguf scripts/fetch-smollm2.sh "$model"
node scripts/interop/write-predictions.mjs "$work/models/smollm2"
node apps/cli/dist/index.js eval lm "$model" --corpus apps/cli/assets/gsm8k/test.jsonl.gz \
  --template $'{question}\n{answer}' --documents 60 --backend wasm --json >"$work/score.json"

python=${INTEROP_PYTHON:-}
if [[ -z $python ]]; then
  "$python3" -m venv "$work/venv"
  python=$work/venv/bin/python
  "$python" -m pip install --quiet --no-cache-dir 'torch==2.15.0' 'transformers==5.23.0' 'safetensors==0.8.0' 'gguf==0.19.0' \
    'accelerate==1.15.0'
fi
HF_HUB_OFFLINE=1 TQDM_DISABLE=1 "$python" scripts/interop/check_gguf.py "$work/smollm2.gguf" "$work/models/smollm2" "$work/score.json"
