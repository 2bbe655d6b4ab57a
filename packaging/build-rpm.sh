#!/bin/sh
# Builds the rpm of this tree into build/rpm: on an rpm distribution with what that has installed, on
# Debian with Debian's libraries (a package to look at, not to ship).
#
#   sh packaging/build-rpm.sh [OUTPUT_DIR]
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
output=${1:-$here/build/rpm}
. "$here/packaging/source-tree.sh"

# rpmbuild looks for requirements in rpm's own database, which Debian does not keep. The program's own
# flags will do there, as for the deb.
set --
if command -v dpkg-query >/dev/null; then
    . "$here/packaging/dependencies.sh"
    # shellcheck disable=SC2086 # one word per package
    install_packages git $build_packages $rpm_packages
    set -- --nodeps --define "build_ldflags %{nil}" --define "optflags %{nil}" \
        --define "werror ${WARNINGS_AS_ERRORS:-OFF}"
fi
if [ -z "$(rpm --eval '%{?_unitdir}')" ]; then
    set -- "$@" --load "$here/packaging/rpm-macros"
fi

version=$(version_of "$here")
top=$here/build/rpm-work
rm -rf "$top"
mkdir -p "$top/SOURCES" "$output"
copy_source_tree "$here" "$top/isinfetch-$version"
tar -C "$top" -czf "$top/SOURCES/isinfetch-$version.tar.gz" "isinfetch-$version"
cp "$here/systemd/sysusers.conf" "$top/SOURCES/isinfetch.sysusers"
cp "$here/systemd/tmpfiles.conf" "$top/SOURCES/isinfetch.tmpfiles"
share_compiler_cache
rpmbuild -bb "$@" --define "_topdir $top" "$here/packaging/isinfetch.spec"
cp "$top"/RPMS/*/isinfetch-*.rpm "$output"
rm -rf "$top"
echo "built: $(ls "$output"/isinfetch-"$version"-*.rpm)"
