#!/bin/bash
# A node, its floors and its peers on this machine, in rounds, so that the machine's moods hit all alike.
#
#   benchmarks/side-by-side.sh [resolve|publish]…        both by default
#
# RECORDS (100000)  ROUNDS (3)  SECONDS_EACH (4)  WARMUP (3)  PAYLOAD (256)
# Servers run on core 0, the generator on core 1. Needs ./dev build and ./dev bench; mosquitto takes part where it is installed.
# Prints the median [lowest..highest] of the rounds: rate, server CPU-seconds per million answers, latency; ratios to the floor.
set -euo pipefail
cd "$(dirname "$0")/.."
RECORDS=${RECORDS:-100000} ROUNDS=${ROUNDS:-3} SECONDS_EACH=${SECONDS_EACH:-4} WARMUP=${WARMUP:-3} PAYLOAD=${PAYLOAD:-256}
WHAT=${*:-resolve publish}
WAYMARK=${WAYMARK:-platform/target/waymark/bin/waymark}
JAR=${JAR:-benchmarks/target/benchmarks.jar}
WORK=$(mktemp -d "${TMPDIR:-/var/tmp}/waymark-side-by-side.XXXXXX")
STARTED=()
trap 'for p in "${STARTED[@]}"; do kill "$p" 2>/dev/null || true; done; wait || true; rm -rf "$WORK"' EXIT

on_core_0() { # NAME COMMAND… : starts it; PID in ${PID[NAME]}
    local name=$1
    shift
    taskset -c 0 "$@" >"$WORK/$name.log" 2>&1 &
    PID[$name]=$!
    STARTED+=($!)
}

measure() { # ROW PID BENCH-ARGUMENTS… : one line of JSON behind those the row has
    local row=$1 pid=$2
    shift 2
    taskset -c 1 "$WAYMARK" bench "$@" --server-pid "$pid" --duration "${SECONDS_EACH}s" --warmup "${WARMUP}s" --json \
        >>"$WORK/$row.json" || echo "side-by-side: $row failed, see above" >&2
}

values() { sed -n "s/.*\"$2\":\([0-9.E-]*\).*/\1/p" "$WORK/$1.json"; }
spread() { sort -g | awk '{a[NR]=$1} END {if (NR == 0) {print "-"; exit} m = NR % 2 ? a[(NR+1)/2] : (a[NR/2]+a[NR/2+1])/2; f = m < 100 ? "%.3g" : "%d"; printf f " [" f ".." f "]", m, a[1], a[NR]}'; }
ratio() { paste <(values "$1" "$3") <(values "$2" "$3") | awk '$2 > 0 {print $1/$2}' | spread; }

table() { # FLOOR ROW…
    local floor=$1 row
    printf '\n%-22s %-30s %-26s %-22s %-28s %s\n' "" "answers/s" "server CPU-s/million" "x floor (CPU)" "p50 µs" "p99 µs"
    for row in "$@"; do
        [[ -f $WORK/$row.json ]] || continue
        printf '%-22s %-30s %-26s %-22s %-28s %s\n' "$row" "$(values "$row" answersPerSecond | spread)" \
            "$(values "$row" serverCpuSecondsPerMillion | spread)" "$(ratio "$row" "$floor" serverCpuSecondsPerMillion)" \
            "$(values "$row" p50 | spread)" "$(values "$row" p99 | spread)"
    done
}

start_node() { # NAME SETTINGS… : its data folder is $WORK/NAME
    local name=$1 settings=() s
    shift
    for s in resolver.handle.port=0 resolver.http.port=0 platform.http.port=0 gateway.mqtt.port=0 kafka.embedded.port=0 \
        gateway.auth.anonymous=true resolver.udp-rate.exempt=127.0.0.0/8 "$@"; do settings+=(--set "$s"); done
    on_core_0 "$name" "$WAYMARK" serve --data "$WORK/$name" --ready-file "$WORK/$name.ready" "${settings[@]}"
    for _ in $(seq 120); do
        [[ -f $WORK/$name.ready ]] && return
        kill -0 "${PID[$name]}" 2>/dev/null || break
        sleep 1
    done
    cat "$WORK/$name.log" >&2
    exit 1
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
    local port
    until port=$((20000 + RANDOM % 10000)) && ! listens $port; do :; done
    echo $port
}

resolve() {
    local floor
    floor=$(free_port)
    on_core_0 floor java -XX:+UseSerialGC -Xmx64m -cp "$JAR" io.waymark.bench.floor.UdpFloor "$floor"
    "$WAYMARK" bench load "$RECORDS" --home --data "$WORK/node"
    local node=(--data "$WORK/node" --records "$RECORDS")
    # The compiler needs more than one warm-up to come to rest.
    for t in udp tcp http; do measure "discarded" "${PID[node]}" resolve -t $t "${node[@]}"; done
    for _ in $(seq "$ROUNDS"); do
        measure udp-floor "${PID[floor]}" resolve --server "127.0.0.1:$floor"
        measure udp "${PID[node]}" resolve "${node[@]}"
        measure udp-zipf "${PID[node]}" resolve "${node[@]}" --zipf 0.99
        measure udp-not-found "${PID[node]}" resolve "${node[@]}" --names '88.118.8/n%07d' --expect not-found
        measure udp-one-type "${PID[node]}" resolve "${node[@]}" --type URL
        measure tcp-pipelined "${PID[node]}" resolve -t tcp "${node[@]}"
        measure http-json "${PID[node]}" resolve -t http "${node[@]}"
        measure udp-5000-per-s "${PID[node]}" resolve "${node[@]}" --rate 5000
    done
    table udp-floor udp udp-zipf udp-not-found udp-one-type tcp-pipelined http-json udp-5000-per-s
}

publish() {
    local sink peer=
    sink=$(free_port)
    on_core_0 sink java -XX:+UseSerialGC -Xmx64m -cp "$JAR" io.waymark.bench.floor.MqttFloor "$sink"
    if PATH=$PATH:/usr/sbin command -v mosquitto >/dev/null; then
        peer=$(free_port)
        printf '%s\n' "listener $peer 127.0.0.1" 'allow_anonymous true' 'persistence false' 'max_inflight_messages 0' \
            'max_queued_messages 0' >"$WORK/mosquitto.conf"
        PATH=$PATH:/usr/sbin on_core_0 peer mosquitto -c "$WORK/mosquitto.conf"
    fi
    # The same gateway with a Kafka that never answers: what it costs to take a message and make it durable.
    start_node spool services=gateway kafka.bootstrap.servers=127.0.0.1:1
    until listens "$sink"; do sleep 0.2; done
    local load=(publish --mqtt 3 --payload "$PAYLOAD")
    for q in 0 1 2; do
        measure discarded "${PID[node]}" "${load[@]}" -q $q --data "$WORK/node"
        measure discarded "${PID[spool]}" "${load[@]}" -q $q --data "$WORK/spool"
    done
    for _ in $(seq "$ROUNDS"); do
        for q in 0 1 2; do
            measure "qos$q-floor" "${PID[sink]}" "${load[@]}" -q $q --server "127.0.0.1:$sink"
            if [[ $peer ]]; then measure "qos$q-mosquitto" "${PID[peer]}" "${load[@]}" -q $q --server "127.0.0.1:$peer"; fi
            measure "qos$q-spool" "${PID[spool]}" "${load[@]}" -q $q --data "$WORK/spool"
            measure "qos$q-to-events" "${PID[node]}" "${load[@]}" -q $q --data "$WORK/node"
        done
        measure qos1-2000-per-s "${PID[spool]}" "${load[@]}" -q 1 --data "$WORK/spool" --rate 2000
    done
    for q in 0 1 2; do table "qos$q-floor" "qos$q-mosquitto" "qos$q-spool" "qos$q-to-events"; done
    table qos1-floor qos1-2000-per-s
}

declare -A PID
echo "$(uname -srm), $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg), $(java -version 2>&1 | head -1), commit $(git rev-parse --short HEAD)"
for what in $WHAT; do
    case $what in resolve | publish) ;; *) echo "side-by-side: knows resolve and publish, not \"$what\"" >&2; exit 2 ;; esac
done
start_node node
for what in $WHAT; do $what; done
echo
echo "load afterwards $(cut -d' ' -f1-3 /proc/loadavg)"
