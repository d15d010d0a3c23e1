#!/usr/bin/env bash
# Adapters both ways with Hugging Face PEFT: those that midtrain writes are loaded and merged there, those that PEFT
# writes are loaded and merged here, and the predictions compared.
set -euo pipefail
cd "$(dirname "$0")/../.."
source scripts/interop/lib/python.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

install_python "$work/venv"
export HF_HUB_OFFLINE=1
node scripts/interop/adapters.mjs write "$work/models"
"$python" scripts/interop/check_peft.py write "$work/models"
node scripts/interop/adapters.mjs read "$work/models"
"$python" scripts/interop/check_peft.py check "$work/models"
