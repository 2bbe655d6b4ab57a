#!/bin/sh
# Builds the deb and the rpm that the tests of this folder install, into DIR/deb and DIR/rpm. Where no
# machine can be booted, they are not needed: those tests skip, and say so.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
out=$1
. "$here/packaging/dependencies.sh"

if [ "$(id -u)" -ne 0 ]; then
    echo "*** SKIPPED: packages are built and tried as root only ***" >&2
    exit 0
fi
# shellcheck disable=SC2086 # one word per package
install_packages $system_test_packages
rm -rf "$out/deb" "$out/rpm"
sh "$here/packaging/build-deb.sh" "$out/deb"
sh "$here/packaging/build-rpm.sh" "$out/rpm"
