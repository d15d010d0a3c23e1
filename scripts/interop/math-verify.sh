#!/usr/bin/env bash
# Grades the labelled pairs of packages/eval-math/fixtures with midtrain's command and with Hugging Face's Math-Verify,
# and compares both with the labels. Installs Math-Verify into a folder of its own, which it removes. About two minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python=$(command -v python3) || {
  printf 'Skipped: there is no python3 on this machine.\n\n0 passed, 0 failed\n'
  exit 0
}

for set in right wrong math-verify; do
  cp "packages/eval-math/fixtures/$set.jsonl" "$work/$set.jsonl"
  node apps/cli/dist/index.js math grade "$work/$set.jsonl" --out "$work/$set.graded.jsonl" > /dev/null
done
"$python" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-cache-dir 'math-verify==0.9.0' 'antlr4-python3-runtime==4.13.2'
"$work/venv/bin/python" scripts/interop/check_math_verify.py "$work"
