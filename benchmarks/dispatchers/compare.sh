#!/usr/bin/env bash
# Measures how many commands per second each dispatcher answers on this machine: benchmarks/dispatchers/compare.sh FILE.json
#
# Includes rtpengine if it is installed (Debian: rtpengine-daemon), and a MediaProxy dispatcher with its relay if it runs:
#
#   MEDIAPROXY_DISPATCHER_SOCKET=/run/mediaproxy/dispatcher.sock     its socket
#   MEDIAPROXY_DISPATCHER_PIDS=123,456                               dispatcher and relay, to measure CPU and memory;
#                                                                    "$(pgrep -d, -x 'media-dispatche|media-relay')"
set -euo pipefail
out=$(realpath "$1")
cd "$(dirname "$0")/../.."

[ -f benchmarks/target/benchmarks.jar ] || mvn -q -DskipTests package -pl benchmarks -am
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp benchmarks/target/benchmarks.jar \
    io.mediaproxy.benchmarks.dispatchers.CompareDispatchers "$folder" "$out"
