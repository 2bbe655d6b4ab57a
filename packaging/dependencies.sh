# Debian packages by purpose, and how to install what is missing. To be sourced by POSIX sh.

# g++ cmake ninja: the build. The libraries: command line, HTTP, packed files, XML, text, HTML, JSON,
# digests, store, configuration, time zones (tzdata: their rules).
build_packages="g++ cmake ninja-build pkgconf ca-certificates
    libcli11-dev libcurl4-openssl-dev libarchive-dev libexpat1-dev libfmt-dev libgumbo-dev
    nlohmann-json3-dev libssl-dev libisal-dev libpq-dev libsqlite3-dev libyaml-cpp-dev zlib1g-dev
    libhowardhinnant-date-dev tzdata"

# python3 serves the sample publisher; sqlite3 shows that the store is an open book.
quickstart_packages="python3 sqlite3"

# ccache: two builds of one tree. nginx, openssl, curl: the publisher as the tests need it. mandoc
# reads the manual; the shells complete. The rest: schedulers, and what reads the texts that are
# written for them; python3-xlrd: an independent reader of xls; python3-hpack: the header of a request
# over HTTP/2; strace kills the program at a chosen system call; postgresql: the store that hosts share,
# pgbouncer: a pooler before it, faketime: hosts with wrong clocks, iproute2: hosts that lose the network;
# lld links the unit tests once for each changed decision.
test_packages="catch2 ccache python3 sqlite3 nginx-light openssl curl strace
    mandoc bash-completion zsh fish
    systemd cron anacron python3-celery python3-yaml python3-jsonschema python3-xlrd python3-hpack
    postgresql pgbouncer faketime iproute2 lld"

# What makes and checks the packages; the systems that the tests boot.
deb_packages="build-essential debhelper systemd"
rpm_packages="rpm systemd"
tarball_packages="xz-utils binutils python3"
system_test_packages="debootstrap systemd-container lintian rpmlint mount util-linux"

# What the benchmarks compare with.
bench_packages="python3-stdnum python3-lxml"

# What tests/fuzz/run.sh builds with: libFuzzer is clang's.
fuzz_packages="clang libclang-rt-dev"

# What a person runs besides: tests/campaign/coverage.sh and races.sh.
watch_packages="gcovr valgrind"

# Checks of the sources' form.
lint_packages="clang-format clang-tidy"

# install_packages NAME…: installs those that are missing, as root or through sudo, and says so.
install_packages() {
    missing=""
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
            missing="$missing $package"
    done
    if [ -z "$missing" ]; then
        return 0
    fi
    as_root=""
    if [ "$(id -u)" -ne 0 ]; then
        as_root="sudo"
        command -v sudo >/dev/null || {
            echo "These Debian packages are missing and neither root nor sudo is here:$missing" >&2
            return 1
        }
    fi
    echo "Installing Debian packages${as_root:+ through sudo}:$missing"
    $as_root apt-get update -qq
    # shellcheck disable=SC2086 # one word per package
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $missing >/dev/null
}
