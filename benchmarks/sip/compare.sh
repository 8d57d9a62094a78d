#!/usr/bin/env bash
# Measures how many calls per second each proxy holds on this machine: benchmarks/sip/compare.sh FILE.json
# Needs sipp (Debian: sip-tester); includes Kamailio if it is installed with its mediaproxy module (Debian: kamailio).
set -euo pipefail
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
java -cp benchmarks/target/benchmarks.jar io.mediaproxy.benchmarks.sip.CompareProxies "$folder" "$out"
