#!/bin/sh
# Every benchmark, with a release build; each fails when its limit is not kept.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
. "$here/packaging/dependencies.sh"
# shellcheck disable=SC2086 # one word per package
install_packages $build_packages $test_packages $bench_packages
cmake --preset release -S "$here" -G Ninja -DISINFETCH_BENCH=ON >/dev/null
cmake --build "$here/build/release"
export ISINFETCH_BIN="$here/build/release/bin/isinfetch"
export ISIN_LOOPS="$here/build/release/bin/isin_loops"
export FIRDS_FLOOR="$here/build/release/bin/firds_floor"
python3 "$here/tests/bench/unchanged_run.py"
/usr/bin/python3 "$here/tests/bench/firds_load.py"  # Debian's own: another one has no lxml
/usr/bin/python3 "$here/tests/bench/firds_delta.py"
/usr/bin/python3 "$here/tests/bench/isin_speed.py"  # Debian's own: another one has no stdnum
python3 "$here/tests/bench/history.py"
python3 "$here/tests/bench/postgres_merge.py"
python3 "$here/tests/bench/large_list.py" "$@"
