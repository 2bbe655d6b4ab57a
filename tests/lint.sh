#!/bin/sh
# clang-tidy over src/, as many files at once as there are cores. Needs a configured build/sanitize.
# With arguments: only those files.
set -eu
cd "$(dirname "$0")/.."
if [ "$#" -eq 0 ]; then
    set -- $(git ls-files 'src/*.cpp')
fi
# The build's own warnings are g++'s, some of which clang does not know.
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 4 \
    clang-tidy -p build/sanitize --quiet --extra-arg=-Wno-unknown-warning-option
