#!/usr/bin/env bash
# The whole path on a real model: SmolLM2-135M-Instruct is fetched, shown thoughts (cold start), mid-trained on GSM8K's text with
# an adapter, and evaluated before and after at the same held-out tokens. On tensorflow (`midtrain setup tensorflow`).
#   scripts/smollm2-gsm8k.sh [RUNS] [MODEL]      default runs and models/smollm2-135m-instruct
# Started again it goes on where it stopped. Leaves RUNS/smollm2-gsm8k/report.html.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
runs=${1:-$root/runs}
model=${2:-$root/models/smollm2-135m-instruct}
cold=$runs/smollm2-cold-start
rmt=$runs/smollm2-gsm8k
midtrain() { node "$root/apps/cli/dist/index.js" "$@"; }

# Starts a run, goes on with one that was stopped, leaves alone one that is done.
stage() {
  local command=$1 config=$2 run=$3
  shift 3
  if [[ -e $run/summary.json ]]; then return; fi
  if [[ -e $run/config.yaml ]]; then midtrain "$command" --resume "$run"; else midtrain "$command" "$config" "output=$run" "$@"; fi
}

evaluate() {
  local name=$1 label=$2
  shift 2
  if [[ -e $rmt/$name.json ]]; then return; fi
  midtrain eval lm "$@" --backend tensorflow --corpus "$root/apps/cli/assets/gsm8k/test.jsonl.gz" \
    --template $'{question}\n{answer}' --remove '<<[^<>]*>>' --documents 60 --candidates-after $'\n' \
    --positions 120 --tiers-by "$model" --into "$rmt" --label "$label" --json >"$rmt/$name.partial"
  mv "$rmt/$name.partial" "$rmt/$name.json"
}

"$root/scripts/fetch-smollm2.sh" "$model"
stage pretrain "$root/configs/smollm2-cold-start.yaml" "$cold" "model=$model"
stage train "$root/configs/smollm2-gsm8k.yaml" "$rmt" "model=$cold/merged"
marks=(--instruction '[{budget}]' --start-of-thought '<|im_start|>' --end-of-thought '<|im_end|>' --thought-limit 24)
evaluate smollm2 'SmolLM2 as it comes' "$model"
evaluate before 'after the cold start' "$cold/merged" --reasoning "${marks[@]}" --budget 12
evaluate after RMT "$rmt/model" --reasoning "${marks[@]}" --budget 6
midtrain report "$rmt"
