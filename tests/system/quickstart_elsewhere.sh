#!/bin/sh
# The quick start as a newcomer on another release of Debian meets it: packages installed by root, then
# everything as a user without sudo, in a folder whose name has blanks and umlauts.
#
#   sh tests/system/quickstart_elsewhere.sh [SUITE]
#
# As root only. Status 77 where no machine of that release can be had.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
suite=${1:-trixie}
. "$here/packaging/dependencies.sh"
. "$here/packaging/source-tree.sh"
. "$here/tests/support/other_root.sh"

if [ "$(id -u)" -ne 0 ]; then
    echo "*** SKIPPED: the quick start on Debian $suite is tried as root only ***" >&2
    exit 77
fi
# shellcheck disable=SC2086 # one word per package
install_packages $system_test_packages
root=$(other_root "$suite") || {
    echo "*** SKIPPED: Debian $suite cannot be had here ***" >&2
    exit 77
}
home=$root/home/newcomer
tree="$home/Größere Pläne/isinfetch"
rm -rf "$home"
copy_source_tree "$here" "$tree"
# shellcheck disable=SC2016 # the words are that machine's
in_root "$root" sh -euc '
    . "$1/packaging/dependencies.sh"
    install_packages $build_packages $quickstart_packages
    chown -R 1000:1000 /home/newcomer
    cd /home/newcomer
    exec setpriv --reuid=1000 --regid=1000 --clear-groups \
        env HOME=/home/newcomer sh "$1/packaging/quickstart.sh"
    ' sh "${tree#"$root"}"
rm -rf "$home"
