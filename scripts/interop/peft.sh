#!/usr/bin/env bash
# Adapters both ways with Hugging Face PEFT: those that midtrain writes are loaded and merged there, those that PEFT
# writes are loaded and merged here, and the predictions compared. Installs torch, transformers and PEFT into a folder of
# its own, which it removes. PyPI's torch brings its CUDA parts: about 6 GB of disk and two minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
NEEDED_GB=9
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip() {
  printf 'Skipped: %s.\n\n0 passed, 0 failed\n' "$1"
  exit 0
}

# A Python that has the packages already may be named, to spare the installation.
python=${MIDTRAIN_INTEROP_PYTHON:-}
if [[ -z $python ]]; then
  base=$(command -v python3) || skip 'there is no python3 on this machine'
  free_gb=$(df -Pk "$work" | awk 'NR == 2 { print int($4 / 1048576) }')
  [[ $free_gb -ge $NEEDED_GB ]] || skip "torch needs $NEEDED_GB GB of disk for a while, and $work has $free_gb"
  "$base" -m venv "$work/venv"
  python=$work/venv/bin/python
  "$python" -m pip install --quiet --no-cache-dir 'torch==2.15.0' 'transformers==5.23.0' 'safetensors==0.8.0' 'peft==0.21.2'
fi

export HF_HUB_OFFLINE=1
node scripts/interop/adapters.mjs write "$work/models"
"$python" scripts/interop/check_peft.py write "$work/models"
node scripts/interop/adapters.mjs read "$work/models"
"$python" scripts/interop/check_peft.py check "$work/models"
