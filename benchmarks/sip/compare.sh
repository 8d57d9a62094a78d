#!/usr/bin/env bash
# Compares whole proxies by calls from sipp to sipp: benchmarks/sip/compare.sh [--quick] FILE.json
#
# Takes less than 20 minutes, or less than 4 with --quick, and prints the time of each part. Needs sipp (Debian: sip-tester);
# includes Kamailio if it is installed with its mediaproxy module (Debian: kamailio).
set -euo pipefail
if [ "${1:-}" = --quick ]; then
    export MEDIAPROXY_QUICK=1
    shift
fi
out=$(realpath "$1")
cd "$(dirname "$0")/../.."

if ! command -v sipp >/dev/null; then
    echo "calls are not measured: sipp is not installed (Debian: sip-tester)" >&2
    exit 1
fi
./mediaproxy --version # builds the command if necessary
[ -f benchmarks/target/benchmarks.jar ] || mvn -q -DskipTests package -pl benchmarks -am
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" -cp benchmarks/target/benchmarks.jar io.mediaproxy.benchmarks.sip.CompareProxies "$folder" "$out"
