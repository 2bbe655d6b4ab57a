#!/bin/sh
# Builds the Debian package of this tree into build/deb, with the tests when --check is given.
#
#   sh packaging/build-deb.sh [--check] [OUTPUT_DIR]
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/packaging/dependencies.sh"

options=nocheck
if [ "${1:-}" = --check ]; then
    options=""
    shift
fi
output=${1:-$here/build/deb}

# shellcheck disable=SC2086 # one word per package
install_packages git $build_packages $deb_packages
if [ -z "$options" ]; then
    # shellcheck disable=SC2086
    install_packages $test_packages
fi

version=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$here/packaging/debian/changelog")
. "$here/packaging/source-tree.sh"

# dpkg-buildpackage wants debian/ at the top of the tree, and leaves its results above it.
work=$here/build/deb-work
rm -rf "$work"
copy_source_tree "$here" "$work/isinfetch-$version"
cp -R "$here/packaging/debian" "$work/isinfetch-$version/debian"
share_compiler_cache
(cd "$work/isinfetch-$version" &&
    DEB_BUILD_OPTIONS="parallel=$(nproc) $options" DEB_BUILD_PROFILES="$options" \
        dpkg-buildpackage --build=binary --no-sign)

mkdir -p "$output"
cp "$work"/isinfetch*.deb "$work"/isinfetch*.changes "$work"/isinfetch*.buildinfo "$output"
rm -rf "$work"
echo "built: $(ls "$output"/isinfetch_"$version"_*.deb)"
