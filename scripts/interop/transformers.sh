#!/usr/bin/env bash
# Writes models with midtrain, loads them in Hugging Face transformers and compares tokens and predictions.
# Installs torch and transformers into a folder of its own, which it removes. PyPI's torch brings its CUDA parts:
# about 6 GB of disk and two minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
NEEDED_GB=9
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip() {
  printf 'Skipped: %s.\n\n0 passed, 0 failed\n' "$1"
  exit 0
}

python=$(command -v python3) || skip 'there is no python3 on this machine'
free_gb=$(df -Pk "$work" | awk 'NR == 2 { print int($4 / 1048576) }')
[[ $free_gb -ge $NEEDED_GB ]] || skip "torch needs $NEEDED_GB GB of disk for a while, and $work has $free_gb"

node scripts/interop/write-model.mjs "$work/models"
"$python" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-cache-dir 'torch==2.15.0' 'transformers==5.23.0' 'safetensors==0.8.0'
HF_HUB_OFFLINE=1 "$work/venv/bin/python" scripts/interop/check_transformers.py "$work/models"
