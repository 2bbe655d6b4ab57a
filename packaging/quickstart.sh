#!/bin/sh
# Builds isinfetch and runs its main job against a small publisher on this machine: two days of
# three lists, no internet needed.
#
#   sh packaging/quickstart.sh [STATE_DIR]
#
# STATE_DIR keeps the store and the archive; without it, a new temporary directory does.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/packaging/dependencies.sh"

# shellcheck disable=SC2086 # one word per package
install_packages $build_packages $quickstart_packages

echo "== Building a release in build/release"
# Warnings are no errors of a newcomer, whose compiler is perhaps newer than ours.
cmake --preset release -S "$here" -G Ninja -D ISINFETCH_WERROR="${WARNINGS_AS_ERRORS:-OFF}" >/dev/null
cmake --build "$here/build/release"
isinfetch=$here/build/release/bin/isinfetch

work=$(mktemp -d)
state=${1:-$(mktemp -d /tmp/isinfetch-quickstart.XXXXXX)}
mkdir -p "$state"
server=""
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null; fi; rm -rf "$work"' EXIT INT TERM

# The publisher: a folder that holds today's lists, served on a free port of the loopback address.
mkdir "$work/www"
cp "$here"/packaging/sample/day1/* "$work/www/"
python3 -u -m http.server --bind 127.0.0.1 --directory "$work/www" 0 >"$work/server.log" 2>&1 &
server=$!
port=""
tries=0
while [ -z "$port" ]; do
    port=$(sed -n 's/.*port \([0-9]*\).*/\1/p' "$work/server.log" | head -n 1)
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ]; then
        echo "The sample publisher did not start:" >&2
        cat "$work/server.log" >&2
        exit 1
    fi
    sleep 0.1
done

# The configuration of a user: two sources of the shipped catalogue, one of the user's own.
cat >"$work/isinfetch.yaml" <<YAML
state_dir: $state
sources:
  nse-equity:
    enabled: true
    url: http://127.0.0.1:$port/EQUITY_L.csv
    guards: {min_records: 1, max_shrink: 50%, max_rejected: 20%}
  xetra:
    enabled: true
    url: http://127.0.0.1:$port/allTradableInstruments.csv
    guards: {min_records: 1}
  watch-list:
    enabled: true
    url: http://127.0.0.1:$port/isins.txt
    format: lines
YAML
export ISINFETCH_CONFIG="$work/isinfetch.yaml"

show() {
    echo
    echo "\$ isinfetch $*"
    "$isinfetch" "$@"
}

echo
echo "== Day one: everything is new"
show run -o text

echo
echo "== Day two: the publisher has new lists (--force, because a day has not passed)"
sleep 1 # the server tells versions apart by the second
rm "$work"/www/*
cp "$here"/packaging/sample/day2/* "$work/www/"
show run --force -o text

echo
echo "== What changed between the two days"
for source in nse-equity xetra watch-list; do
    show diff "$source"
done

echo
echo "== One ISIN, and what became of it"
show lookup INE062A01020
show history INE062A01020
show status

echo
echo "== Where things are"
echo "program        $isinfetch"
echo "configuration  config/isinfetch.yaml, catalogue in config/sources.d/"
echo "store          $state/isinfetch.db   (sqlite3 -readonly FILE 'SELECT * FROM instrument')"
echo "archive        $state/archive        (every downloaded file, by SHA-256)"
sqlite3 -readonly "$state/isinfetch.db" "SELECT count(*) || ' ISINs in the store' FROM instrument"
