#!/bin/sh
# Builds the tarball for systems that have no package: unpack it anywhere and run bin/isinfetch. It
# needs a glibc at least as new as the one of the system that built it.
#
#   sh packaging/build-tarball.sh [OUTPUT_DIR]
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
output=${1:-$here/build/tarball}
. "$here/packaging/dependencies.sh"

# shellcheck disable=SC2086 # one word per package
install_packages $build_packages $tarball_packages

# Relative, so that everything stays inside the folder; units and examples name /usr/local/bin.
cmake --preset release -S "$here" -B "$here/build/portable" -G Ninja -DISINFETCH_PORTABLE=ON \
    -DCMAKE_INSTALL_SYSCONFDIR=etc >/dev/null
cmake --build "$here/build/portable"
mkdir -p "$output"
cpack --config "$here/build/portable/CPackConfig.cmake" -B "$output" >/dev/null
rm -rf "$output/_CPack_Packages"
ISINFETCH_TARBALL_DIR=$output python3 "$here/tests/system/hardening_test.py" Hardened.test_the_tarball
echo "built: $(ls "$output"/isinfetch-*.tar.xz)"
