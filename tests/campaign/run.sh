#!/bin/sh
# The campaign against what would lose data or let somebody in: builds what it needs, runs its parts one
# after the other, and prints the table of each.
#
#   sh tests/campaign/run.sh [--long] [--seed N] [PART…]
#
# Without --long: the smoke of each part, half a minute each, which also runs with every change. Parts: the
# scripts of this folder. Needs root for some, which say so.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
. "$here/packaging/dependencies.sh"
# shellcheck disable=SC2086 # one word per package
install_packages $build_packages $test_packages

cmake --preset release -S "$here" -G Ninja >/dev/null
cmake --build "$here/build/release" --target isinfetch
export ISINFETCH_BIN="${ISINFETCH_BIN:-$here/build/release/bin/isinfetch}"

options=""
parts=""
while [ $# -gt 0 ]; do
    case "$1" in
        --long) options="$options --long" ;;
        --seed) options="$options --seed $2"; shift ;;
        -*) echo "unknown option $1" >&2; exit 64 ;;
        *) parts="$parts $1" ;;
    esac
    shift
done
if [ -z "$parts" ]; then
    parts=$(cd "$here/tests/campaign" && grep -l 'frame\.main(' -- *.py | grep -v '^frame' | sed 's/\.py$//')
fi
failed=""
for part in $parts; do
    echo "== $part"
    # shellcheck disable=SC2086 # one word per option
    /usr/bin/python3 "$here/tests/campaign/$part.py" $options || failed="$failed $part"
done
if [ -n "$failed" ]; then
    echo "failed:$failed" >&2
    exit 1
fi
