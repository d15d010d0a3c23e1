#!/usr/bin/env bash
# Sets TensorFlow up into a folder of its own, which it removes, and checks that midtrain computes on it what it computes
# elsewhere: the fused operations against their references, the decoder against PyTorch's numbers, training against wasm.
# Fetches about 280 MB and needs 3 GB of disk for a while.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2
NEEDED_GB=3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME=$work/cache
passed=0
failed=0
midtrain=(node apps/cli/dist/index.js)

skip() {
  printf 'Skipped: %s.\n\n0 passed, 0 failed\n' "$1"
  exit 0
}

# check NAME COMMAND…: runs a command whose success counts.
check() {
  local name=$1 start=$SECONDS
  shift
  if "$@" >"$work/log" 2>&1; then
    passed=$((passed + 1))
    printf 'ok    %s (%s s)\n' "$name" "$((SECONDS - start))"
  else
    failed=$((failed + 1))
    printf 'FAIL  %s\n' "$name"
    tail -n 40 "$work/log"
  fi
}

# json FILE CONDITION: whether a condition on the object `it` in a file holds.
json() { node -e 'const it = JSON.parse(require("fs").readFileSync(process.argv[1])); process.exit(eval(process.argv[2]) ? 0 : 1)' "$1" "$2"; }

[[ $(uname -sm) == 'Linux x86_64' ]] || skip 'TensorFlow is set up on Linux x64 only'
for program in python3 g++ npm; do command -v "$program" >/dev/null || skip "there is no $program on this machine"; done
python3 -m pip --version >/dev/null 2>&1 || skip 'there is no pip on this machine'
free_gb=$(df -Pk "$work" | awk 'NR == 2 { print int($4 / 1048576) }')
[[ $free_gb -ge $NEEDED_GB ]] || skip "TensorFlow needs $NEEDED_GB GB of disk for a while, and $work has $free_gb"

set_up() { "${midtrain[@]}" setup tensorflow --json >"$1"; }
doctor_on() { "$1" apps/cli/dist/index.js doctor --backend tensorflow --json >"$work/doctor.json" && json "$work/doctor.json" 'it.backend === "tensorflow" && it.version === "2.21.0" && it.devices.includes("CPU:0")'; }
tests() {
  local package=$1
  shift
  npx vitest run --root "packages/$package" --testTimeout 120000 "$@"
}

check 'midtrain setup tensorflow' set_up "$work/first.json"
check 'a second set-up finds the first intact' eval 'set_up "$work/second.json" && json "$work/second.json" "it.existed && it.version === \"2.21.0\""'
check "midtrain doctor on $(node --version)" doctor_on node
for version in 20 22 24; do
  [[ $(node --version) == v$version.* ]] && continue
  folder=$work/node-$version
  mkdir -p "$folder"
  check "midtrain doctor on Node $version" eval 'npm install --prefix "$folder" --no-audit --no-fund "node@$version" && doctor_on "$folder/node_modules/node/bin/node"'
done
check 'fused operations as their references, and graphs as single operations' tests kernels ops/conformance trace/
check "decoder as PyTorch; compiled steps as written by hand" env MIDTRAIN_TEST_BACKEND=tensorflow \
  npx vitest run --root packages/core --testTimeout 120000 policy/decoder train/compiled-training
check 'compiled updates as by operation' env MIDTRAIN_TEST_BACKEND=tensorflow \
  npx vitest run --root packages/core --testTimeout 120000 train/dual-update -t 'compiled'
check 'training as on wasm, to 1e-5' eval '
  for backend in wasm tensorflow; do node scripts/interop/tensorflow-training.mjs "$backend" | tail -n 1 >"$work/$backend.json" || exit 1; done
  node scripts/interop/compare-training.mjs "$work/wasm.json" "$work/tensorflow.json"'

printf '\n%s passed, %s failed\n' "$passed" "$failed"
[[ $failed -eq 0 ]]
