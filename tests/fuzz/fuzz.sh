#!/bin/bash
# Runs every fuzzer for a time, each from its corpus and what earlier runs found.
#
#   fuzz.sh FOLDER SECONDS      FOLDER: build-fuzz, where `fuzzers` was built
#
# What makes one fail stays in FOLDER/found/; the corpora of the project are not written.
set -eu -o pipefail

build=$1 seconds=$2
source=$(dirname "$(realpath "$0")")
failed=0
for fuzzer in "$build"/tests/fuzz/fuzz_*; do
  [[ -f $fuzzer && -x $fuzzer ]] || continue
  name=$(basename "$fuzzer") && name=${name#fuzz_}
  mkdir -p "$build/corpus/$name" "$build/found/$name"
  log=$build/$name.log
  if "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$build/found/$name/" "$build/corpus/$name" "$source/corpus/$name" >"$log" 2>&1; then
    echo "fuzz: $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs in ${seconds}s, nothing found"
  else
    failed=1
    echo "fuzz: $name FAILED; see $log and $build/found/$name/"
    tail -25 "$log"
  fi
done
exit $failed
