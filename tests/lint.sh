#!/bin/sh
# clang-tidy over what is built of src/, as many files at once as there are cores.
#
#   sh tests/lint.sh [--all | --since REVISION | FILE…]
#
# Without arguments: the files that differ from where this branch left origin/main, or on main itself
# from its state a day ago, and one file for each header that does. --all looks at every file.
set -eu
cd "$(dirname "$0")/.."
. packaging/dependencies.sh
# shellcheck disable=SC2086 # one word per package
install_packages git $build_packages $lint_packages

cmake --preset lint -G Ninja >/dev/null
cmake --build build/lint --target generated >/dev/null

# As compiled: the files that share CLI11's headers are checked as one, as they are built.
every_file() {
    sed -n 's/^  "file": "\(.*\)",*$/\1/p' build/lint/compile_commands.json |
        grep -v builtin_catalogue
}

# base: the revision that a change is held against; nothing where there is none to be found.
base() {
    head=$(git rev-parse HEAD 2>/dev/null) || return 0
    left=$(git merge-base HEAD origin/main 2>/dev/null || echo "$head")
    if [ "$left" = "$head" ]; then
        left=$(git rev-list -1 --before='1 day ago' HEAD)
    fi
    echo "$left"
}

case "${1:-}" in
    --all) files=$(every_file) ;;
    --since) files=$(every_file | python3 tests/support/changed_sources.py "$2") ;;
    "")
        since=$(base)
        if [ -n "$since" ] && git diff --quiet "$since" -- .clang-tidy; then
            files=$(every_file | python3 tests/support/changed_sources.py "$since")
        else
            files=$(every_file)
        fi ;;
    *) files=$(printf '%s\n' "$@") ;;
esac
echo "clang-tidy: $(printf '%s' "$files" | grep -c . || true) of $(every_file | wc -l) files"
# The build's own warnings are g++'s, some of which clang does not know.
printf '%s\n' "$files" | grep . | tr '\n' '\0' | xargs -0 -r -P "$(nproc)" -n 2 \
    clang-tidy -p build/lint --quiet --extra-arg=-Wno-unknown-warning-option
