#!/bin/bash
# What a resolution costs as a node grows: nodes of different sizes on this machine, all records in memory, in rounds.
#
#   benchmarks/growth.sh
#
# SIZES (1000 1000000 10000000)  ROUNDS (5)  SECONDS_EACH (4)
# Each node has one event loop on core 0, the generator runs on core 1 and draws names uniformly. Needs ./dev build, a C compiler
# and, for ten million records, 8 GB of disk and 8 GB of memory.
# Prints the median [lowest..highest] of the rounds: answers per second, server CPU-seconds (user and system) per million
# answers, and their ratio to the node of one million, round by round.
set -euo pipefail
cd "$(dirname "$0")/.."
SIZES=${SIZES:-1000 1000000 10000000} ROUNDS=${ROUNDS:-5} SECONDS_EACH=${SECONDS_EACH:-4}
. benchmarks/name-servers.lib.sh

cc -O2 -o "$WORK/name-load" benchmarks/name-load.c
machine
for n in $SIZES; do
    "$WAYMARK" bench records "$n" -o "$WORK/records.ndjson"
    "$WAYMARK" import "$WORK/records.ndjson" --home --data "$WORK/$n"
    rm "$WORK/records.ndjson"
    start_resolver "$n" "$((n * 512 + (64 << 20)))"
done
# The compiler comes to rest and every name has been in memory before anything counts.
for _ in 1 2 3 4; do
    for n in $SIZES; do measure "$n" 5 0 "$n" >/dev/null; done
done
for _ in $(seq "$ROUNDS"); do
    for n in $SIZES; do measure "$n" "$SECONDS_EACH" 0 "$n" >>"$WORK/$n.closed"; done
done
printf '\n%-12s %-28s %-24s %-22s %-7s %s\n' records answers/s "server CPU-s/million" "x 1,000,000 (CPU)" octets wrong
for n in $SIZES; do
    printf '%-12s %-28s %-24s %-22s %-7s %s\n' "$n" "$(values "$n.closed" rate | spread)" "$(values "$n.closed" cpu | spread)" \
        "$(ratio "$n.closed" 1000000.closed)" "$(values "$n.closed" octets | tail -1)" \
        "$(values "$n.closed" wrong | awk '{n += $1} END {print n + 0}')"
done
echo
echo "load afterwards $(cut -d' ' -f1-3 /proc/loadavg)"
