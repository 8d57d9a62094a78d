#!/usr/bin/env bash
# How many calls a second each proxy holds on this machine: benchmarks/sip/compare.sh FILE.json
# Takes sipp (Debian: sip-tester), and Kamailio with its mediaproxy module if that is to be compared (Debian: kamailio).
set -euo pipefail
out=$(realpath "$1")
cd "$(dirname "$0")/../.."

if ! command -v sipp >/dev/null; then
    echo "calls are not measured: sipp is not installed (Debian: sip-tester)" >&2
    exit 1
fi
./mediaproxy --version # builds the command if it has to
[ -f benchmarks/target/benchmarks.jar ] || mvn -q -DskipTests package -pl benchmarks -am
exec java -cp benchmarks/target/benchmarks.jar io.mediaproxy.benchmarks.sip.CompareProxies "$out"
