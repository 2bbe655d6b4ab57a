# What a package is built from. To be sourced by POSIX sh.

# version_of TREE: the version that CMakeLists.txt says.
version_of() {
    sed -n 's/^project(isinfetch VERSION \([0-9.]*\).*/\1/p' "$1/CMakeLists.txt"
}

# copy_source_tree FROM TO: the files of the work tree, without what git ignores; a tree without git
# (an unpacked release) has nothing to leave out but build/.
copy_source_tree() {
    mkdir -p "$2"
    if [ -e "$1/.git" ]; then
        git -C "$1" ls-files -z --cached --others --exclude-standard |
            (cd "$1" && xargs -0 sh -c 'for f; do [ ! -e "$f" ] || printf "%s\0" "$f"; done' sh) |
            tar -C "$1" --null --files-from=- -cf - | tar -C "$2" -xf -
    else
        tar -C "$1" --exclude=./build -cf - . | tar -C "$2" -xf -
    fi
}

# share_compiler_cache TREE: lets a compiler cache, where one is installed, know a file again whatever
# folder and packager it is compiled for. Package builders have a home of their own that they delete.
share_compiler_cache() {
    export CCACHE_BASEDIR="$1" CCACHE_NOHASHDIR=1
    export CCACHE_DIR="${CCACHE_DIR:-${HOME:-/root}/.cache/ccache}"
}
