#!/bin/sh
# Builds the packages that the tests of this folder install, into DIR/deb and DIR/rpm. Where no machine
# can be booted, they are not needed: those tests skip, and say so.
#
#   sh tests/system/build_packages.sh DIR [SUITE]
#
# SUITE is a release of Debian, by default this machine's own; another one's deb is built in a clean
# root of that release, which is kept for the next time.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
out=$1
. "$here/packaging/dependencies.sh"
. "$here/packaging/source-tree.sh"
. "$here/tests/support/other_root.sh"

own_suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
suite=${2:-$own_suite}

# build_elsewhere: the deb, on a machine of that release.
build_elsewhere() {
    root=$(other_root "$suite") || {
        echo "*** SKIPPED: the packages of Debian $suite cannot be had here ***" >&2
        exit 0
    }
    rm -rf "$root/src"
    copy_source_tree "$here" "$root/src/isinfetch"
    in_root "$root" sh /src/isinfetch/packaging/build-deb.sh /src/out
    mkdir -p "$out/deb"
    cp "$root"/src/out/* "$out/deb"
    rm -rf "$root/src"
}

if [ "$(id -u)" -ne 0 ]; then
    echo "*** SKIPPED: packages are built and tried as root only ***" >&2
    exit 0
fi
# shellcheck disable=SC2086 # one word per package
install_packages $system_test_packages
rm -rf "$out/deb" "$out/rpm"
if [ "$suite" = "$own_suite" ]; then
    # As the release that is tested: a compiler cache knows its files again.
    export WARNINGS_AS_ERRORS=ON
    sh "$here/packaging/build-deb.sh" "$out/deb"
    sh "$here/packaging/build-rpm.sh" "$out/rpm"
else
    build_elsewhere
fi
