#!/bin/sh
# clang-tidy over what is built of src/, as many files at once as there are cores. Needs a configured
# build/sanitize. With arguments: only those files.
set -eu
cd "$(dirname "$0")/.."
if [ "$#" -eq 0 ]; then
    # As compiled: the files that share CLI11's headers are checked as one, as they are built.
    set -- $(sed -n 's/^  "file": "\(.*\)",*$/\1/p' build/sanitize/compile_commands.json |
        grep -v -e /tests/ -e builtin_catalogue)
fi
# The build's own warnings are g++'s, some of which clang does not know.
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 4 \
    clang-tidy -p build/sanitize --quiet --extra-arg=-Wno-unknown-warning-option
