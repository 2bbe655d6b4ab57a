# What a package is built from. To be sourced by POSIX sh.

# version_of TREE: the version that CMakeLists.txt says.
version_of() {
    sed -n 's/^project(isinfetch VERSION \([0-9.]*\).*/\1/p' "$1/CMakeLists.txt"
}

# copy_source_tree FROM TO: the files of the work tree, without what git ignores; a tree without git
# (an unpacked release) has nothing to leave out but build/. Each step is looked at by itself: a pipe has
# the status of its end, and an empty tree packs well.
copy_source_tree() {
    mkdir -p "$2"
    if [ -e "$1/.git" ]; then
        listed=$(mktemp)
        # A clone that belongs to somebody else is read as well: git runs nothing of it for this.
        git -c safe.directory="$(cd "$1" && pwd -P)" -C "$1" \
            ls-files -z --cached --others --exclude-standard >"$listed" || {
            rm -f "$listed"
            echo "$1: git cannot tell which files belong to the source tree" >&2
            return 1
        }
        # What was deleted and not yet committed is listed too.
        (cd "$1" && xargs -0 sh -c 'for f; do [ ! -e "$f" ] || printf "%s\0" "$f"; done' sh) \
            <"$listed" >"$listed.here"
        tar -C "$1" --null --files-from="$listed.here" -cf "$listed.tar"
        tar -C "$2" -xf "$listed.tar"
        rm -f "$listed" "$listed.here" "$listed.tar"
    else
        tar -C "$1" --exclude=./build -cf - . | tar -C "$2" -xf -
    fi
    if ! [ -e "$2/CMakeLists.txt" ]; then
        echo "$1: no source tree was found there" >&2
        return 1
    fi
}

# share_compiler_cache: lets a compiler cache, where one is installed, be used by package builders, who
# have a home of their own that they delete.
share_compiler_cache() {
    export CCACHE_DIR="${CCACHE_DIR:-${HOME:-/root}/.cache/ccache}"
}
