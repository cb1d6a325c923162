#!/bin/bash
# A node, its floors and its peers on this machine, in rounds, so that the machine's moods hit all alike.
#
#   benchmarks/side-by-side.sh [resolve|publish|away|kafka|scale]…        the first two by default
#
#   resolve   the resolver and a server that only speaks
#   publish   the gateway, a server that only acknowledges, one that does so after an fdatasync, mosquitto, and this disk's fdatasync
#   away      publish at QoS 1 while a client with a persistent session is away: most brokers keep nothing of what nobody waits for
#   kafka     device to Kafka, beside Kafka's own producer performance tool (fetched with Maven once)
#   scale     memory of CONNECTIONS idle clients, a reconnect storm of all of them, cost per message of 100 to 10,000 publishers
#
# RECORDS (100000)  ROUNDS (3)  SECONDS_EACH (4)  WARMUP (3)  PAYLOAD (256)  CONNECTIONS (50000)
# PEERS: other brokers that run already and let anybody in, as "NAME:PORT:PID …"; they take part in publish at QoS 1 and in away, for
# which their queues must be allowed to grow (tens of millions of messages; a full queue drops, which costs nothing).
# Servers run on core 0, the generator on core 1 (in kafka everybody on both). Needs ./dev build and ./dev bench, for kafka and scale
# a C compiler, for away mosquitto_sub; mosquitto takes part where it is installed. A process can hold as many connections as it may open files: where that
# is less than CONNECTIONS ("ulimit -Hn"), scale starts several gateways that hold them together.
# Prints the median [lowest..highest] of the rounds: rate, server CPU-seconds per million answers, latency; ratios to the floor.
set -euo pipefail
cd "$(dirname "$0")/.."
RECORDS=${RECORDS:-100000} ROUNDS=${ROUNDS:-3} SECONDS_EACH=${SECONDS_EACH:-4} WARMUP=${WARMUP:-3} PAYLOAD=${PAYLOAD:-256}
CONNECTIONS=${CONNECTIONS:-50000} PEERS=${PEERS:-} SERVER_CORES=0
WHAT=${*:-resolve publish}
WAYMARK=${WAYMARK:-platform/target/waymark/bin/waymark}
JAR=${JAR:-benchmarks/target/benchmarks.jar}
WORK=$(mktemp -d "${TMPDIR:-/var/tmp}/waymark-side-by-side.XXXXXX")
STARTED=()
trap 'for p in "${STARTED[@]}"; do kill "$p" 2>/dev/null || true; done; wait || true; rm -rf "$WORK"' EXIT

on_core_0() { # NAME COMMAND… : starts it; PID in ${PID[NAME]}
    local name=$1
    shift
    taskset -c "$SERVER_CORES" "$@" >"$WORK/$name.log" 2>&1 &
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
ratio() { paste <(values "$1" "$3") <(values "$2" "${4:-$3}") | awk '$2 > 0 {print $1/$2}' | spread; }

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
    local sink durable peer=
    sink=$(free_port)
    on_core_0 sink java -XX:+UseSerialGC -Xmx64m -cp "$JAR" io.waymark.bench.floor.MqttFloor "$sink"
    durable=$(free_port)
    on_core_0 durable java -XX:+UseSerialGC -Xmx64m -cp "$JAR" io.waymark.bench.floor.MqttFloor "$durable" "$WORK/durable.data"
    if PATH=$PATH:/usr/sbin command -v mosquitto >/dev/null; then
        peer=$(free_port)
        printf '%s\n' "listener $peer 127.0.0.1" 'allow_anonymous true' 'persistence false' 'max_inflight_messages 0' \
            'max_queued_messages 0' >"$WORK/mosquitto.conf"
        PATH=$PATH:/usr/sbin on_core_0 peer mosquitto -c "$WORK/mosquitto.conf"
    fi
    local other
    for other in $PEERS; do PID[${other%%:*}]=${other##*:}; done
    # The same gateway with a Kafka that never answers: what it costs to take a message and make it durable.
    start_node spool services=gateway kafka.bootstrap.servers=127.0.0.1:1
    until listens "$sink" && listens "$durable"; do sleep 0.2; done
    local load=(publish --mqtt 3 --payload "$PAYLOAD") half
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
        for other in $PEERS; do
            measure "qos1-${other%%:*}" "${PID[${other%%:*}]}" "${load[@]}" -q 1 --server "127.0.0.1:$(cut -d: -f2 <<<"$other")"
        done
        taskset -c 1 java -XX:+UseSerialGC -cp "$JAR" io.waymark.bench.floor.DiskFloor "$WORK" 500 4096 >>"$WORK/disk.json"
        measure qos1-durable-floor "${PID[durable]}" "${load[@]}" -q 1 --server "127.0.0.1:$durable"
        half=$(values qos1-spool answersPerSecond | tail -1 | awk '{printf "%d", $1 / 2}')
        measure qos1-half-load-floor "${PID[durable]}" "${load[@]}" -q 1 --server "127.0.0.1:$durable" --rate "$half"
        measure qos1-half-load "${PID[spool]}" "${load[@]}" -q 1 --data "$WORK/spool" --rate "$half"
        measure qos1-2000-per-s "${PID[spool]}" "${load[@]}" -q 1 --data "$WORK/spool" --rate 2000
    done
    for q in 0 1 2; do table "qos$q-floor" "qos$q-mosquitto" "qos$q-spool" "qos$q-to-events"; done
    for other in $PEERS; do table "qos1-${other%%:*}"; done
    table qos1-floor qos1-durable-floor qos1-half-load-floor qos1-half-load qos1-2000-per-s
    echo
    printf '%-58s %s\n' "this disk's fdatasync, µs: p50" "$(values disk p50 | spread)" "p99" "$(values disk p99 | spread)"
    printf '%-58s %s\n' "PUBACK p99 at half load / fdatasync p50 (at most 10)" "$(ratio qos1-half-load disk p99 p50)" \
        "PUBACK p99 at half load / fdatasync p99" "$(ratio qos1-half-load disk p99)" \
        "PUBACK p99 at half load / the durable floor's" "$(ratio qos1-half-load qos1-half-load-floor p99)"
    local against
    for against in ${peer:+mosquitto} $(tr ' ' '\n' <<<"$PEERS" | cut -d: -f1); do
        printf '%-58s %s\n' "accepted / $against's (1.5 mosquitto, 3 others at least)" \
            "$(ratio qos1-spool "qos1-$against" answersPerSecond)" "CPU per message / $against's (0.6 mosquitto at most)" \
            "$(ratio qos1-spool "qos1-$against" serverCpuSecondsPerMillion)"
    done
}

away() {
    local name port pid one peers
    start_node away services=gateway kafka.bootstrap.servers=127.0.0.1:1 gateway.session.queue-count-max=10000000 \
        gateway.session.queue-bytes-max=16GiB gateway.session.queue-bytes-total-max=16GiB
    peers="waymark:$(port_of away mqtt):${PID[away]} $PEERS"
    for one in $peers; do
        IFS=: read -r name port pid <<<"$one"
        mosquitto_sub -c -q 1 -i is-away -h 127.0.0.1 -p "$port" -t '#' -E >/dev/null
        measure discarded "$pid" publish --mqtt 3 --payload "$PAYLOAD" --server "127.0.0.1:$port"
    done
    for _ in $(seq "$ROUNDS"); do
        for one in $peers; do
            IFS=: read -r name port pid <<<"$one"
            measure "away-$name" "$pid" publish --mqtt 3 --payload "$PAYLOAD" --server "127.0.0.1:$port"
        done
    done
    table $(for one in $peers; do echo "away-${one%%:*}"; done)
    echo
    for one in $PEERS; do
        printf '%-58s %s\n' "accepted / ${one%%:*}'s" "$(ratio away-waymark "away-${one%%:*}" answersPerSecond)" \
            "CPU per message / ${one%%:*}'s" "$(ratio away-waymark "away-${one%%:*}" serverCpuSecondsPerMillion)"
    done
}

# ---- with clients in C

LOADER=
loader() { # mqtt-load, built once
    LOADER=$WORK/mqtt-load
    [[ -x $LOADER ]] || cc -O2 -o "$LOADER" benchmarks/mqtt-load.c
}

port_of() { sed -n "s/.*\"$2\":\"[^\"]*:\([0-9]*\)\".*/\1/p" "$WORK/$1.ready"; } # NAME KEY

keyed() { sed "s/ \([a-z0-9_]*\)=\([0-9.]*\)/ \"\1\":\2/g"; } # key=value to what values() reads

metric() { curl -s "http://127.0.0.1:$(port_of "$1" platform.http)/metrics" | awk -v m="$2" '$1 == m {printf "%d", $2}'; }

kafka() {
    local tools=benchmarks/target/kafka-tools lib version rate broker before began
    lib=$(dirname "$WAYMARK")/../lib
    version=$(basename "$lib"/kafka-clients-*.jar .jar)
    if [[ ! -d $tools ]]; then
        for a in "org.apache.kafka:kafka-tools:${version#kafka-clients-}" net.sourceforge.argparse4j:argparse4j:0.7.0; do
            mvn -q -B ${MAVEN_ARGS:-} dependency:copy -Dartifact="$a" -DoutputDirectory="$PWD/$tools"
        done
    fi
    loader
    SERVER_CORES=0,1
    start_node broker services=kafka
    broker=127.0.0.1:$(port_of broker kafka)
    start_node sender 'services=[gateway,http]' kafka.bootstrap.servers="$broker"
    for r in $(seq 0 "$ROUNDS"); do # round 0 warms up
        java -Xmx512m -cp "$tools/*:$lib/*" org.apache.kafka.tools.ProducerPerformance --bootstrap-server "$broker" \
            --topic waymark.telemetry --num-records $((SECONDS_EACH * 60000)) --throughput -1 --record-size "$PAYLOAD" \
            --command-property acks=all 2>/dev/null | tail -1 | sed 's/.* \([0-9.]*\) records\/sec.*/{"rate":\1}/' >>"$WORK/producer.json"
        rate=$(values producer rate | tail -1 | cut -d. -f1)
        began=$(date +%s%N)
        before=$(metric sender waymark_gateway_forward_records_total)
        "$LOADER" publish "$(port_of sender mqtt)" 50 $((4 * SECONDS_EACH)) 64 "$rate" "$PAYLOAD" "${PID[sender]}" |
            grep ^publish | keyed >>"$WORK/sent.json"
        awk -v n="$(($(metric sender waymark_gateway_forward_records_total) - before))" -v ns="$(($(date +%s%N) - began))" \
            -v lag="$(metric sender waymark_gateway_forward_lag_entries)" \
            'BEGIN {printf "{\"rate\":%.0f,\"lag\":%d}\n", n / ns * 1e9, lag}' >>"$WORK/forwarded.json"
        sleep 5
        if ((r == 0)); then rm "$WORK"/{producer,sent,forwarded}.json; fi
    done
    SERVER_CORES=0
    echo
    printf '%-58s %s\n' "Kafka's producer performance tool, records/s" "$(values producer rate | spread)" \
        "devices that publish at that rate: acknowledged/s" "$(values sent acknowledged_per_s | spread)" \
        "forwarded/s in that time" "$(values forwarded rate | spread)" \
        "forwarded / producer tool (at least 0.8)" "$(ratio forwarded producer rate)" \
        "messages not yet in Kafka at the end" "$(values forwarded lag | spread)" \
        "the same in seconds of the rate" "$(ratio forwarded forwarded lag rate)"
}

memory() { # PID : KiB of live heap, of memory outside it that Java allocates, and resident
    jcmd "$1" GC.run >/dev/null
    jcmd "$1" GC.run >/dev/null
    echo "$(jcmd "$1" GC.heap_info | sed -n '/generation\|garbage-first heap/s/.*used \([0-9]*\)K.*/\1/p' | awk '{s += $1} END {print s}')" \
        "$(jcmd "$1" VM.native_memory summary | sed -n '/^- *Other/s/.*committed=\([0-9]*\)KB.*/\1/p')" \
        "$(awk '/VmRSS/ {print $2}' "/proc/$1/status")"
}

idle() {
    local each gateways g crowds=()
    each=$(($(ulimit -Hn) - 2000))
    ulimit -n "$(ulimit -Hn)"
    gateways=$(((CONNECTIONS + each - 1) / each))
    each=$((CONNECTIONS / gateways))
    echo
    echo "$CONNECTIONS idle connections in $gateways gateways"
    for g in $(seq "$gateways"); do
        WAYMARK_JAVA_OPTS="${WAYMARK_JAVA_OPTS:-} -XX:NativeMemoryTracking=summary" \
            start_node "idle$g" services=gateway kafka.bootstrap.servers=127.0.0.1:1 gateway.io-threads=1
        "$LOADER" idle "$(port_of "idle$g" mqtt)" 2000 </dev/null >/dev/null # so that code and tables are there
        before[g]=$(memory "${PID[idle$g]}")
        mkfifo "$WORK/idle$g.say"
        : >"$WORK/idle$g.said"
        "$LOADER" idle "$(port_of "idle$g" mqtt)" "$each" <>"$WORK/idle$g.say" >"$WORK/idle$g.said" &
        STARTED+=($!)
        crowds+=($!)
        said "$g" 1
    done
    for g in $(seq "$gateways"); do per_connection "$g" "$each" "connected"; done
    for g in $(seq "$gateways"); do echo storm >"$WORK/idle$g.say"; done
    for g in $(seq "$gateways"); do said "$g" 2; done
    for g in $(seq "$gateways"); do per_connection "$g" "$each" "after the storm"; done
    sed 's/^/  /' "$WORK"/idle*.said
    kill "${crowds[@]}"
    for g in $(seq "$gateways"); do kill "${PID[idle$g]}"; done
}

said() { # GATEWAY LINES : waits for them
    for _ in $(seq 120); do
        (($(wc -l <"$WORK/idle$1.said") >= $2)) && return
        sleep 1
    done
    echo "side-by-side: the clients of gateway $1 did not answer" >&2
    exit 1
}

per_connection() { # GATEWAY CLIENTS WHEN
    echo "${before[$1]} $(memory "${PID[idle$1]}")" | awk -v n="$2" -v what="$3" \
        '{printf "  %-16s KiB each: heap %.2f, direct %.2f, heap + direct %.2f (at most 6); resident %.2f\n", what, ($4-$1)/n, ($5-$2)/n, ($4-$1+$5-$2)/n, ($6-$3)/n}'
}

scale() {
    local before=() clients
    loader
    idle
    start_node many services=gateway kafka.bootstrap.servers=127.0.0.1:1
    for r in $(seq 0 "$ROUNDS"); do # round 0 warms up
        for clients in 100 1000 10000; do
            taskset -c 1 "$LOADER" publish "$(port_of many mqtt)" "$clients" $((2 * SECONDS_EACH)) 1 0 "$PAYLOAD" "${PID[many]}" |
                grep ^publish | keyed >>"$WORK/clients-$clients.json"
        done
        if ((r == 0)); then rm "$WORK"/clients-*.json; fi
    done
    printf '\n%-22s %-30s %-26s %s\n' "publishers, 1 in flight" "acknowledged/s" "server CPU-s/million" "x 100 publishers (at most 1.5)"
    for clients in 100 1000 10000; do
        printf '%-22s %-30s %-26s %s\n' "$clients" "$(values "clients-$clients" acknowledged_per_s | spread)" \
            "$(values "clients-$clients" server_cpu_s_per_million | spread)" "$(ratio "clients-$clients" clients-100 server_cpu_s_per_million)"
    done
}

declare -A PID
echo "$(uname -srm), $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg), $(java -version 2>&1 | head -1), commit $(git rev-parse --short HEAD)"
for what in $WHAT; do
    case $what in resolve | publish | away | kafka | scale) ;; *) echo "side-by-side: knows resolve, publish, away, kafka and scale, not \"$what\"" >&2; exit 2 ;; esac
done
if [[ $WHAT == *resolve* || $WHAT == *publish* ]]; then start_node node; fi
for what in $WHAT; do $what; done
echo
echo "load afterwards $(cut -d' ' -f1-3 /proc/loadavg)"
