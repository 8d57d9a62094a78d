#!/usr/bin/env bash
# Runs all benchmarks that can run here and writes tables and charts:
#
#   benchmarks/run.sh [--quick] [FOLDER [JMH OPTION ...]]
#
# Without FOLDER the result goes to docs/benchmarks. All takes an hour; --quick takes five minutes, leaves the hostile bodies and most sizes
# out, and is good for ratios, not for times. JMH's options (see java -jar benchmarks/target/benchmarks.jar -h) replace the settings.
set -euo pipefail
called="benchmarks/run.sh $*"
cd "$(dirname "$0")/.."

settings=(-f 3 -wi 5 -w 1s -i 5 -r 1s)
if [ "${1:-}" = --quick ]; then
    settings=(-f 1 -wi 1 -w 300ms -i 2 -r 200ms -e HostileBodyBenchmark -p bytes=1024,8192,65536)
    export MEDIAPROXY_QUICK=1
    shift
fi
folder=${1:-docs/benchmarks}
[ $# -le 1 ] || settings=("${@:2}")
jar=benchmarks/target/benchmarks.jar

echo "building $jar"
mvn -q -DskipTests package -pl benchmarks -am

runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT

echo "measuring; the machine should have nothing else to do"
java -jar "$jar" "${settings[@]}" -rf json -rff "$runs/jmh.json"

files=("$runs/jmh.json")
benchmarks/dispatchers/compare.sh "$runs/commands.json"
files+=("$runs/commands.json")
if benchmarks/sip/compare.sh "$runs/calls.json"; then
    files+=("$runs/calls.json")
fi

java -cp "$jar" io.mediaproxy.benchmarks.report.Report "$folder" "${called% }" "${files[@]}"
echo "see $folder/README.md"
