#!/bin/sh
# Installs what the tests need, builds everything with warnings as errors under AddressSanitizer and
# UndefinedBehaviorSanitizer, and runs every test. Further arguments go to ctest: -R download.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/packaging/dependencies.sh"

# shellcheck disable=SC2086 # one word per package
install_packages $build_packages $test_packages

# ISINFETCH_OTHER_SUITES: releases of Debian, such as trixie, to try the deb on besides this one.
cmake --preset sanitize -S "$here" -G Ninja \
    -D ISINFETCH_OTHER_SUITES="${ISINFETCH_OTHER_SUITES:-}" >/dev/null
cmake --build "$here/build/sanitize"
exec python3 "$here/tests/support/ctest_report.py" ctest --test-dir "$here/build/sanitize" \
    --output-on-failure --no-tests=error --parallel "$(nproc)" "$@"
