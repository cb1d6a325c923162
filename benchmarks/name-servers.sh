#!/bin/bash
# The resolver beside the name servers NSD and Knot on this machine: the same number of names, answers of about 200 bytes, the
# same generator, in rounds, so that the machine's moods hit all alike.
#
#   benchmarks/name-servers.sh
#
# RECORDS (1000000)  ROUNDS (5)  SECONDS_EACH (4)  TIER (512MiB)  RATE (half of the slowest's)
# Each server has one thread on core 0, the generator runs on core 1. Needs ./dev build, a C compiler, about 1 GB of disk and
# 3 GB of memory; NSD and Knot take part where they are installed (Debian: apt-get install nsd knot).
# Prints the median [lowest..highest] of the rounds: answers per second, server CPU-seconds (user and system) per million
# answers, its ratio to each peer round by round; then latency at a rate all of them can bear.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin
RECORDS=${RECORDS:-1000000} ROUNDS=${ROUNDS:-5} SECONDS_EACH=${SECONDS_EACH:-4} TIER=${TIER:-512MiB}
. benchmarks/name-servers.lib.sh
ZONE=id.test

zone() {
    echo "\$ORIGIN $ZONE."
    echo '$TTL 3600'
    echo "@ SOA ns.$ZONE. h.$ZONE. 1 3600 600 86400 3600"
    echo "@ NS ns.$ZONE."
    echo 'ns A 127.0.0.1'
    awk -v n="$RECORDS" 'BEGIN {
        pad = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghij"
        for (i = 0; i < n; i++)
            printf "k%07d NAPTR 100 10 \"u\" \"E2U+hdl\" \"!^.*$!https://r%d.example.org/88.100.1/%07d/%s!\" .\n", i, i % 97, i, pad
    }'
}

start_nsd() {
    local parent
    PORT[nsd]=$(free_port)
    mkdir "$WORK/nsd"
    cat >"$WORK/nsd.conf" <<CONF
server:
    ip-address: 127.0.0.1@${PORT[nsd]}
    server-count: 1
    username: ""
    zonesdir: "$WORK"
    database: ""
    pidfile: "$WORK/nsd/nsd.pid"
    xfrdfile: "$WORK/nsd/xfrd.state"
    xfrdir: "$WORK/nsd"
    zonelistfile: "$WORK/nsd/zone.list"
    rrl-ratelimit: 0
    rrl-whitelist-ratelimit: 0
    minimal-responses: yes
remote-control:
    control-enable: no
zone:
    name: "$ZONE"
    zonefile: "zone"
CONF
    taskset -c 0 nsd -d -c "$WORK/nsd.conf" >"$WORK/nsd.log" 2>&1 &
    parent=$!
    STARTED+=($parent)
    wait_for "$WORK/nsd.log" 'nsd started' $parent
    sleep 1
    # it forks twice: the one that answers is its grandchild
    PIDS[nsd]=$(pgrep -P "$(pgrep -P $parent | head -1)" | head -1) KIND[nsd]="dns $ZONE"
}

start_knot() {
    PORT[knot]=$(free_port)
    mkdir "$WORK/knot"
    cat >"$WORK/knot.conf" <<CONF
server:
    rundir: "$WORK/knot"
    listen: 127.0.0.1@${PORT[knot]}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: "$WORK/knot"
template:
  - id: default
    storage: "$WORK"
    journal-content: none
    zonefile-load: whole
    zonefile-sync: -1
    semantic-checks: off
zone:
  - domain: $ZONE
    file: zone
log:
  - target: stderr
    any: info
CONF
    taskset -c 0 knotd -c "$WORK/knot.conf" >"$WORK/knot.log" 2>&1 &
    STARTED+=($!)
    PIDS[knot]=$! KIND[knot]="dns $ZONE"
    wait_for "$WORK/knot.log" 'server started' $!
}

cc -O2 -o "$WORK/name-load" benchmarks/name-load.c
machine
start_resolver waymark "$TIER"
"$WAYMARK" bench load "$RECORDS" --home --data "$WORK/waymark"
SERVERS=(waymark)
zone >"$WORK/zone"
for peer in nsd:nsd knot:knotd; do
    if command -v "${peer#*:}" >/dev/null; then
        "start_${peer%:*}"
        SERVERS+=("${peer%:*}")
    else
        echo "name-servers: ${peer%:*} is not installed, goes on without" >&2
    fi
done
# Every name is asked for about twice and the compiler comes to rest before anything counts.
for _ in 1 2 3 4; do measure waymark 5 0 "$RECORDS" >/dev/null; done
for _ in $(seq "$ROUNDS"); do
    for s in "${SERVERS[@]}"; do measure "$s" "$SECONDS_EACH" 0 "$RECORDS" >>"$WORK/$s.closed"; done
done
printf '\n%-9s %-28s %-24s %-22s %-22s %-7s %s\n' "" "answers/s" "server CPU-s/million" "x NSD (CPU)" "x Knot (CPU)" "octets" "wrong"
for s in "${SERVERS[@]}"; do
    printf '%-9s %-28s %-24s %-22s %-22s %-7s %s\n' "$s" "$(values "$s.closed" rate | spread)" "$(values "$s.closed" cpu | spread)" \
        "$(ratio "$s.closed" nsd.closed)" "$(ratio "$s.closed" knot.closed)" "$(values "$s.closed" octets | tail -1)" \
        "$(values "$s.closed" wrong | awk '{n += $1} END {print n + 0}')"
done
RATE=${RATE:-$(for s in "${SERVERS[@]}"; do values "$s.closed" rate | sort -g | awk '{a[NR]=$1} END {print a[int((NR+1)/2)]}'; done | sort -g | awk 'NR == 1 {print int($1 / 2)}')}
for _ in $(seq "$ROUNDS"); do
    for s in "${SERVERS[@]}"; do measure "$s" "$SECONDS_EACH" "$RATE" "$RECORDS" >>"$WORK/$s.open"; done
done
printf '\nat %d per second (open loop)\n%-9s %-26s %-26s %-28s %s\n' "$RATE" "" "p50 µs" "p99 µs" "p99.9 µs" "lost"
for s in "${SERVERS[@]}"; do
    printf '%-9s %-26s %-26s %-28s %s\n' "$s" "$(values "$s.open" p50 | spread)" "$(values "$s.open" p99 | spread)" \
        "$(values "$s.open" p999 | spread)" "$(values "$s.open" lost | awk '{n += $1} END {print n + 0}')"
done
echo
echo "load afterwards $(cut -d' ' -f1-3 /proc/loadavg)"
