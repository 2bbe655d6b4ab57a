# A fresh machine of another release of Debian, as far as a folder can be one. To be sourced by POSIX
# sh, as root, after packaging/dependencies.sh and packaging/source-tree.sh.

# other_root SUITE: prints the folder of a clean root of that release, which is kept for the next time.
# Status 1 where it cannot be had.
other_root() {
    cache=${ISINFETCH_MACHINE_CACHE:-/var/cache/isinfetch-machines}
    if ! [ -d "$cache/$1-build" ]; then
        mkdir -p "$cache"
        rm -rf "$cache/$1-build.new"
        debootstrap --variant=minbase "$1" "$cache/$1-build.new" >/dev/null || return 1
        mv "$cache/$1-build.new" "$cache/$1-build"
    fi
    echo "$cache/$1-build"
}

# in_root ROOT COMMAND…: as root of that machine, with nothing of this one's environment. The mounts
# end with the command.
in_root() {
    unshare --mount --propagation private sh -ec '
        root=$1
        shift
        mount -t proc proc "$root/proc"
        mount -t devpts devpts "$root/dev/pts"
        exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
            "$@"' sh "$@"
}
