#!/usr/bin/env bash
# Writes models with midtrain, loads them in Hugging Face transformers and compares tokens and predictions.
set -euo pipefail
cd "$(dirname "$0")/../.."
source scripts/interop/lib/python.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

install_python "$work/venv"
node scripts/interop/write-model.mjs "$work/models"
HF_HUB_OFFLINE=1 "$python" scripts/interop/check_transformers.py "$work/models"
