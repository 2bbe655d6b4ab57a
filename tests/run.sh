#!/bin/sh
# Installs what the tests need, builds everything with warnings as errors, and runs every test: the unit
# tests and what feeds the program foreign bytes under AddressSanitizer and UndefinedBehaviorSanitizer, the
# unit tests once more over the library as it is linked for a release, and all others with that release.
# Further arguments go to ctest: -R download.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/packaging/dependencies.sh"

# shellcheck disable=SC2086 # one word per package
install_packages $build_packages $test_packages

# The release first: the quick start has built it, too. Its unit tests are those of the other build,
# linked with its library.
release=$here/build/release
cmake --preset release -S "$here" -G Ninja -D ISINFETCH_WERROR=ON -D BUILD_TESTING=ON \
    -D ISINFETCH_TEST_CASES="$here/build/sanitize/lib/libisinfetch_cases.a" >/dev/null
cmake --build "$release" --target isinfetch
# ISINFETCH_OTHER_SUITES: releases of Debian, such as trixie, to try the deb on besides this one.
cmake --preset sanitize -S "$here" -G Ninja -D ISINFETCH_TESTED_RELEASE="$release" \
    -D ISINFETCH_OTHER_SUITES="${ISINFETCH_OTHER_SUITES:-}" >/dev/null
cmake --build "$here/build/sanitize"
cmake --build "$release" --target isinfetch_tests

# Twice as many at once as there are cores: most of them wait for a server, or for a kill.
exec python3 "$here/tests/support/ctest_report.py" ctest --test-dir "$here/build/sanitize" \
    --output-on-failure --no-tests=error --parallel "$(($(nproc) * 2))" "$@"
