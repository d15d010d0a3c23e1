# Sourced by the comparisons with torch: `python` becomes an interpreter that has lib/requirements.txt, the one that
# MIDTRAIN_INTEROP_PYTHON names or one installed into a folder. PyPI's torch brings its CUDA parts: about 6 GB of disk
# and two minutes.
NEEDED_GB=11

skip() {
  printf 'Skipped: %s.\n\n0 passed, 0 failed\n' "$1"
  exit 0
}

# install_python FOLDER
install_python() {
  python=${MIDTRAIN_INTEROP_PYTHON:-}
  [[ -z $python ]] || return 0
  local base free_gb
  base=$(command -v python3) || skip 'there is no python3 on this machine'
  mkdir -p "$1"
  free_gb=$(df -Pk "$1" | awk 'NR == 2 { print int($4 / 1048576) }')
  [[ $free_gb -ge $NEEDED_GB ]] || skip "torch needs $NEEDED_GB GB of disk for a while, and $1 has $free_gb"
  "$base" -m venv "$1"
  python=$1/bin/python
  "$python" -m pip install --quiet --no-cache-dir -r scripts/interop/lib/requirements.txt
}
