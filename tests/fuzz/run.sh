#!/bin/sh
# Fuzzes every target for so many seconds, ten minutes by default. Inputs that reach something new go
# to build/fuzz/corpus, what breaks a promise to build/fuzz/findings: then the status is not 0.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${1:-600}
. "$here/packaging/dependencies.sh"
# shellcheck disable=SC2086 # one word per package
install_packages $build_packages $fuzz_packages
build="$here/build/fuzz"
cmake --preset fuzz -S "$here" -G Ninja >/dev/null
for target in $(tr ';' ' ' <"$build/fuzz_targets"); do
    cmake --build "$build" --target "${target}_fuzz"
    mkdir -p "$build/corpus/$target" "$build/findings"
    "$build/bin/${target}_fuzz" -max_total_time="$seconds" -max_len=4096 -timeout=60 \
        -print_final_stats=1 -verbosity=0 \
        -dict="$here/tests/fuzz/$target.dict" -artifact_prefix="$build/findings/$target-" \
        "$build/corpus/$target" "$here/tests/fuzz/corpus/$target"
    echo "$target: nothing found in $seconds s"
done
