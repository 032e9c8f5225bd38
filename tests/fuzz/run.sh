#!/usr/bin/env bash
# Runs every fuzz target for that long, one after the other, and says what each found.
#
#   usage: tests/fuzz/run.sh SECONDS [TARGET...]
#
# Builds them first (preset fuzz). New inputs are kept under build/fuzz/found/TARGET; what makes a target fail lies in
# build/fuzz/failures. Give what you mend to the target's corpus, and to a test of its reader.
set -euo pipefail
project=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
seconds=${1:?usage: tests/fuzz/run.sh SECONDS [TARGET...]}
shift
cd "$project"
cmake --preset fuzz > /dev/null
cmake --build build/fuzz -j "${LIKENESS_JOBS:-2}" --target fuzz_targets
targets=("$@")
if [[ ${#targets[@]} -eq 0 ]]; then
  mapfile -t targets < <(cd tests/fuzz && ls fuzz_*.cpp | sed 's/fuzz_\(.*\)\.cpp/\1/')
fi
failed=0
mkdir -p build/fuzz/failures
for target in "${targets[@]}"; do
  found=build/fuzz/found/$target
  seeds=()
  [[ -d tests/fuzz/corpus/$target ]] && seeds+=("tests/fuzz/corpus/$target")
  [[ $target == pickle || $target == zip ]] && seeds+=(tests/golden/pickles)
  mkdir -p "$found"
  log=build/fuzz/$target.log
  if build/fuzz/tests/fuzz/fuzz_"$target" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=1024 \
       -artifact_prefix="build/fuzz/failures/$target-" "$found" "${seeds[@]}" > "$log" 2>&1; then
    echo "$target: clean, $(grep -o 'Done [0-9]* runs in [0-9]* second' "$log" || echo 'no count'), $(grep -c . <(ls "$found")) inputs kept"
  else
    echo "$target: FAILED, see $log and build/fuzz/failures"
    failed=1
  fi
done
exit $failed
