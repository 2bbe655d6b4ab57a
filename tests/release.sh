#!/bin/sh
# Runs the unit tests once more, over the library as it ships: optimised, also when it is linked, where
# what is undefined shows itself; and what sanitizers leave no room for: faults, and memory. Warnings of both
# steps are errors.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/packaging/dependencies.sh"

# shellcheck disable=SC2086 # one word per package
install_packages $build_packages $test_packages

cmake --preset release -S "$here" -G Ninja -D ISINFETCH_WERROR=ON -D BUILD_TESTING=ON >/dev/null
cmake --build "$here/build/release" --target isinfetch isinfetch_tests
ISINFETCH_TEST_DATA="$here/tests/data" "$here/build/release/bin/isinfetch_tests"
export ISINFETCH_BIN="$here/build/release/bin/isinfetch"
python3 "$here/tests/system/faults_test.py"
python3 "$here/tests/system/postgres_waits_test.py" Verify
