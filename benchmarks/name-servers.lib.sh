# What the scripts that measure name servers share: source it. They set WORK, a folder that is removed in the end, and PREFIX.
WAYMARK=${WAYMARK:-platform/target/waymark/bin/waymark}
WORK=$(mktemp -d "${TMPDIR:-/var/tmp}/waymark-name-servers.XXXXXX")
PREFIX=88.118.8
STARTED=()
declare -A PIDS PORT KIND
trap 'for p in "${STARTED[@]}"; do kill "$p" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$WORK"' EXIT

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
    local port
    until port=$((20000 + RANDOM % 10000)) && ! listens $port; do :; done
    echo $port
}

wait_for() { # FILE TEXT PID
    for _ in $(seq 300); do
        grep -q "$2" "$1" 2>/dev/null && return
        kill -0 "$3" 2>/dev/null || break
        sleep 1
    done
    cat "$1" >&2
    exit 1
}

start_resolver() { # NAME TIER : a node with one event loop on core 0, its records in $WORK/NAME
    local settings=() s
    for s in services=resolver,http resolver.handle.port=0 resolver.http.port=0 platform.http.port=0 resolver.io-threads=1 \
        resolver.handle.hosts=127.0.0.1 resolver.udp-rate.exempt=127.0.0.0/8 "records.memory-tier-bytes=$2"; do
        settings+=(--set "$s")
    done
    WAYMARK_JAVA_OPTS="-XX:MaxDirectMemorySize=8g ${WAYMARK_JAVA_OPTS:-}" taskset -c 0 "$WAYMARK" serve --data "$WORK/$1" \
        --ready-file "$WORK/$1.ready" "${settings[@]}" >"$WORK/$1.log" 2>&1 &
    STARTED+=($!)
    PIDS[$1]=$! KIND[$1]="handle $PREFIX"
    wait_for "$WORK/$1.ready" handle.udp $!
    PORT[$1]=$(sed 's/.*"handle.udp":"[^"]*:\([0-9]*\)".*/\1/' "$WORK/$1.ready")
}

measure() { # SERVER SECONDS RATE RECORDS : one line of key=value pairs
    # shellcheck disable=SC2086 # kind and pids are words
    taskset -c 1 "$WORK/name-load" ${KIND[$1]} "${PORT[$1]}" "$2" "$3" "$4" ${PIDS[$1]}
}

values() { sed -n "s/.*\b$2=\([0-9.]*\).*/\1/p" "$WORK/$1"; }
spread() { sort -g | awk '{a[NR]=$1} END {if (NR == 0) {print "-"; exit} m = NR % 2 ? a[(NR+1)/2] : (a[NR/2]+a[NR/2+1])/2; f = m < 100 ? "%.3g" : "%d"; printf f " [" f ".." f "]", m, a[1], a[NR]}'; }
ratio() { [[ -f $WORK/$2 ]] && paste <(values "$1" cpu) <(values "$2" cpu) | awk '$2 > 0 {print $1/$2}' | spread || echo -; }
machine() { echo "$(uname -srm), $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg), $(java -version 2>&1 | head -1), commit $(git rev-parse --short HEAD)"; }
