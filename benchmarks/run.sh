#!/usr/bin/env bash
# Runs all benchmarks that can run here and writes tables and charts: benchmarks/run.sh [--quick] [FOLDER]
# Without FOLDER the result goes to docs/benchmarks; --quick takes some minutes and is good for ratios, not for times.
set -euo pipefail
called="benchmarks/run.sh $*"
cd "$(dirname "$0")/.."

settings=(-f 3 -wi 5 -w 1s -i 5 -r 1s)
if [ "${1:-}" = --quick ]; then
    settings=(-f 1 -wi 2 -w 300ms -i 3 -r 300ms)
    export MEDIAPROXY_QUICK=1
    shift
fi
folder=${1:-docs/benchmarks}
jar=benchmarks/target/benchmarks.jar

echo "building $jar"
mvn -q -DskipTests package -pl benchmarks -am

runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT

echo "measuring; the machine should have nothing else to do"
java -jar "$jar" "${settings[@]}" -rf json -rff "$runs/jmh.json"

files=("$runs/jmh.json")
if [ -x benchmarks/sip/compare.sh ] && benchmarks/sip/compare.sh "$runs/calls.json"; then
    files+=("$runs/calls.json")
fi

java -cp "$jar" io.mediaproxy.benchmarks.report.Report "$folder" "${called% }" "${files[@]}"
echo "see $folder/README.md"
