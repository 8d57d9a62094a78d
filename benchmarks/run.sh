#!/usr/bin/env bash
# Runs all benchmarks that this machine supports, and writes tables, charts and figures.json:
#
#   benchmarks/run.sh [--quick] [--jmh] [FOLDER [JMH OPTION ...]]
#
# FOLDER is docs/benchmarks by default. A full run takes 40 minutes. With --quick it takes about seven, without most
# sizes and hostile bodies; its ratios are usable, its times are not. --jmh leaves everything but JMH out;
# so do options for JMH (see java -jar benchmarks/target/benchmarks.jar -h), which replace the settings below. JAVA_HOME selects
# the Java to measure.
set -euo pipefail
called="benchmarks/run.sh $*"
cd "$(dirname "$0")/.."

# Benchmarks with many parameters get shorter iterations than single ones.
series='SdpSizeBenchmark|HostileBodyBenchmark'
singles_settings=(-f 2 -wi 5 -w 1s -i 5 -r 1s)
series_settings=(-f 2 -wi 3 -w 500ms -i 3 -r 500ms)
whole=yes
quick=no
for flag in "$@"; do
    case $flag in
        --quick) quick=yes ;;
        --jmh) whole=no ;;
        *) break ;;
    esac
    shift
done
if [ $quick = yes ]; then
    singles_settings=(-f 1 -wi 2 -w 400ms -i 2 -r 200ms)
    series_settings=(-f 1 -wi 2 -w 400ms -i 2 -r 200ms -p bytes=1024,8192,65536
        -p hostile=MEDIA_LINES,FULL_STREAMS,CANDIDATES,ENDLESS_LINE,HEADER_FIELDS,NESTED_PARTS)
    export MEDIAPROXY_QUICK=1
fi
folder=${1:-docs/benchmarks}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
jar=benchmarks/target/benchmarks.jar

runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT
files=()
times=

# Runs a part and records its duration: timed TITLE COMMAND ...
timed() {
    local title=$1 begun=$SECONDS status=0
    shift
    echo "== $title"
    "$@" || status=$?
    times+=$(printf '%5d s  %s' $((SECONDS - begun)) "$title")$'\n'
    return $status
}

jmh() {
    local file=$1
    shift
    "$java" -jar "$jar" "$@" -rf json -rff "$file" && files+=("$file")
}

build() {
    mvn -q -T 2 -DskipTests -Dspotless.check.skip package -pl benchmarks,mediaproxy-cli -am
}

engaged() {
    "$java" -Xmx1g -cp "$jar" io.mediaproxy.benchmarks.EngagedCallsBenchmark "$runs/engaged.json" &&
        files+=("$runs/engaged.json")
}

dispatchers() {
    benchmarks/dispatchers/compare.sh "$runs/commands.json" && files+=("$runs/commands.json")
}

# Waits, three minutes at most, until the load average tells of other programs, and not of the part before.
settle() {
    local tens=0
    while [ -r /proc/loadavg ] && [ $tens -lt 18 ] && awk '{ exit $1 <= 0.5 }' /proc/loadavg; do
        sleep 10
        tens=$((tens + 1))
    done
}

proxies() {
    settle
    benchmarks/sip/compare.sh "$runs/calls.json" && files+=("$runs/calls.json")
}

timed "build" build
echo "measuring; the machine should be idle otherwise"
if [ $# -gt 1 ]; then
    whole=no
    timed "JMH" jmh "$runs/jmh.json" "${@:2}"
else
    timed "JMH, one by one" jmh "$runs/singles.json" "${singles_settings[@]}" -e "$series"
    timed "JMH, sizes and hostile bodies" jmh "$runs/series.json" "${series_settings[@]}" "$series"
fi
if [ $whole = yes ]; then
    timed "engaged calls" engaged
    timed "dispatchers" dispatchers
    timed "proxies" proxies || true # prints what is missing
fi
timed "page" "$java" -cp "$jar" io.mediaproxy.benchmarks.report.Report "$folder" "${called% }" "${files[@]}"

printf '\n%s%5d s  all\nsee %s/README.md\n' "$times" "$SECONDS" "$folder"
