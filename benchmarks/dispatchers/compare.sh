#!/usr/bin/env bash
# How many commands a second each dispatcher answers on this machine: benchmarks/dispatchers/compare.sh FILE.json
#
# Takes rtpengine if that is to be compared (Debian: rtpengine-daemon), and a MediaProxy dispatcher with its relay if one is running:
#
#   MEDIAPROXY_DISPATCHER_SOCKET=/run/mediaproxy/dispatcher.sock     where it listens
#   MEDIAPROXY_DISPATCHER_PIDS=123,456                               dispatcher and relay, for what they take; on Linux
#                                                                    "$(pgrep -d, -x 'media-dispatche|media-relay')"
set -euo pipefail
out=$(realpath "$1")
cd "$(dirname "$0")/../.."

[ -f benchmarks/target/benchmarks.jar ] || mvn -q -DskipTests package -pl benchmarks -am
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp benchmarks/target/benchmarks.jar \
    io.mediaproxy.benchmarks.dispatchers.CompareDispatchers "$out"
