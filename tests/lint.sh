#!/bin/sh
# clang-tidy over what is built of src/, as many files at once as there are cores.
#
#   sh tests/lint.sh [--all | --since REVISION | FILE…]
#
# Without arguments: the files that differ from where this branch left origin/main, or on main itself
# from its state six hours ago, and one file for each header that does. --all looks at every file.
#
# Most of the time goes into the headers of libraries: many files are looked at several as one
# (ISINFETCH_TOGETHER), a fifth of the time; few by themselves, which shows what one of them does not include.
set -eu
cd "$(dirname "$0")/.."
. packaging/dependencies.sh
# shellcheck disable=SC2086 # one word per package
install_packages git $build_packages $lint_packages

few=20

# prepare ON|OFF: how files are compiled, several as one or not.
prepare() {
    cmake --preset lint -G Ninja -D ISINFETCH_TOGETHER="$1" >/dev/null
    cmake --build build/lint --target generated >/dev/null
}

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
        left=$(git rev-list -1 --before='6 hours ago' HEAD)
    fi
    echo "$left"
}

# chosen ARGUMENT…: the files to look at, of those that are compiled.
chosen() {
    case "${1:-}" in
        --all) every_file ;;
        --since) every_file | python3 tests/support/changed_sources.py "$2" ;;
        "")
            since=$(base)
            if [ -n "$since" ] && git diff --quiet "$since" -- .clang-tidy; then
                every_file | python3 tests/support/changed_sources.py "$since"
            else
                every_file
            fi ;;
        *) printf '%s\n' "$@" ;;
    esac
}

prepare OFF
files=$(chosen "$@")
if [ "$(printf '%s' "$files" | grep -c .)" -gt "$few" ]; then
    prepare ON
    files=$(chosen "$@")
fi
echo "clang-tidy: $(printf '%s\n' "$files" | grep -c . || true) of $(every_file | wc -l) compiled files"
# The build's own warnings are g++'s, some of which clang does not know.
printf '%s\n' "$files" | grep . | tr '\n' '\0' | xargs -0 -r -P "$(nproc)" -n 1 \
    clang-tidy -p build/lint --quiet --extra-arg=-Wno-unknown-warning-option
