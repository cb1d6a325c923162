/*
 * Asks a name server over UDP, in the Handle protocol or in DNS, as fast as it answers or at a given rate, and says what an
 * answer cost it. One thread, several sockets, many datagrams per system call: it costs less than any server it measures.
 *
 *   cc -O2 -o name-load name-load.c
 *   name-load handle PREFIX PORT SECONDS RATE RECORDS PID...      names PREFIX/k0000000 ... drawn uniformly
 *   name-load dns    ZONE   PORT SECONDS RATE RECORDS PID...      k0000000.ZONE, type NAPTR
 *
 * RATE 0: a closed loop of 256 requests under way. Else an open loop of so many per second; the time of an answer counts from
 * the instant its request was sent. PID...: the server's processes; the user and system time of all of them is summed.
 * The first fifth of the run is not counted. One line of key=value pairs on standard output; "wrong" are answers that do not
 * say success.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "load.h"

enum { SOCKETS = 4, WINDOW = 256, BATCH = 64, REQUEST_MAX = 512, ANSWER_MAX = 4096, IDS = 65536, DIGITS = 7 };
enum { LATENCIES_MAX = 20000000, LOST_AFTER_NANOS = 100000000 };

static int is_dns;
static unsigned char request[BATCH][REQUEST_MAX];
static int request_bytes, last_digit, id_at;
static unsigned char answer[BATCH][ANSWER_MAX];

static int sockets[SOCKETS], under_way[SOCKETS];
static uint16_t next_id[SOCKETS];
static uint64_t sent_at[SOCKETS][IDS];

static uint32_t *latencies; /* in nanoseconds */
static long latency_count, answers, octets, wrong, sent, lost;

static double cpu_of(char **pids, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) sum += cpu_seconds(atoi(pids[i]));
    return sum;
}

static void put32(unsigned char *at, uint32_t value) {
    value = htonl(value);
    memcpy(at, &value, 4);
}

/* A question with one label k0000000, then the zone's; 12 octets of header, the identifier first. */
static void dns_request(unsigned char *q, char *zone) {
    int at = 12;
    q[5] = 1;
    q[at++] = 8;
    memcpy(q + at, "k0000000", 8);
    last_digit = at + 7;
    at += 8;
    char copy[256];
    snprintf(copy, sizeof copy, "%s", zone);
    for (char *label = strtok(copy, "."); label; label = strtok(NULL, ".")) {
        q[at++] = strlen(label);
        memcpy(q + at, label, strlen(label));
        at += strlen(label);
    }
    q[at + 2] = 35; /* NAPTR, behind the root label */
    q[at + 4] = 1;  /* IN */
    request_bytes = at + 5;
    id_at = 0;
}

/* Envelope 20 (version 2.11, request id at 8, length at 16), header 24, handle, no indexes, no types, no credential. */
static void handle_request(unsigned char *q, char *prefix) {
    char handle[256];
    int handle_bytes = snprintf(handle, sizeof handle, "%s/k0000000", prefix);
    int body = 4 + handle_bytes + 8, message = 24 + body + 4;
    memcpy(q, "\2\13\2\13", 4);
    put32(q + 8, 1u << 24);
    put32(q + 16, message);
    put32(q + 20, 1);          /* resolution */
    put32(q + 28, 0x19000000); /* what a plain client sends */
    put32(q + 32, 0x00010000);
    put32(q + 36, (uint32_t)time(NULL) + 43200);
    put32(q + 40, body);
    put32(q + 44, handle_bytes);
    memcpy(q + 48, handle, handle_bytes);
    last_digit = 48 + handle_bytes - 1;
    request_bytes = 20 + message;
    id_at = 10; /* the low half of the request id */
}

static int says_success(const unsigned char *a) {
    return is_dns ? (a[3] & 15) == 0 && a[7] > 0 : a[24] == 0 && a[25] == 0 && a[26] == 0 && a[27] == 1;
}

static void ask(int s, int count, long records, struct mmsghdr *messages) {
    static uint64_t random = 88172645463325252ull;
    uint64_t t = now();
    for (int i = 0; i < count; i++) {
        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        uint16_t id = next_id[s] + i;
        memcpy(request[i] + id_at, &id, 2);
        long number = random % records;
        for (int d = 0; d < DIGITS; d++, number /= 10) request[i][last_digit - d] = '0' + number % 10;
        sent_at[s][id] = t;
    }
    int taken = sendmmsg(sockets[s], messages, count, MSG_DONTWAIT);
    if (taken > 0) sent += taken, under_way[s] += taken, next_id[s] += taken;
}

static int receive(int s, struct mmsghdr *messages, int counting) {
    int total = 0, got;
    do {
        got = recvmmsg(sockets[s], messages, BATCH, MSG_DONTWAIT, NULL);
        uint64_t t = now();
        for (int i = 0; i < got; i++) {
            uint16_t id;
            memcpy(&id, answer[i] + id_at, 2);
            octets += messages[i].msg_len;
            wrong += !says_success(answer[i]);
            if (counting && latency_count < LATENCIES_MAX) {
                uint64_t took = t - sent_at[s][id];
                latencies[latency_count++] = took > UINT32_MAX ? UINT32_MAX : took;
            }
        }
        if (got > 0) total += got, answers += got, under_way[s] -= got;
    } while (got == BATCH);
    return total;
}

static int ascending(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static double percentile(double p) { return latency_count ? latencies[(long)((latency_count - 1) * p)] / 1e3 : 0; }

static void open_sockets(int port) {
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port)};
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int bytes = 4 << 20;
    for (int s = 0; s < SOCKETS; s++) {
        sockets[s] = socket(AF_INET, SOCK_DGRAM, 0);
        setsockopt(sockets[s], SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
        setsockopt(sockets[s], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
        if (connect(sockets[s], (struct sockaddr *)&server, sizeof server)) perror("connect"), exit(2);
    }
}

/* How many requests a socket may send now. */
static int allowance(int s, double rate, uint64_t elapsed) {
    if (rate > 0) {
        long due = (long)(elapsed * 1e-9 * rate) - sent;
        long share = due / (SOCKETS - s);
        return share < 0 ? 0 : share > BATCH ? BATCH : share;
    }
    int room = WINDOW / SOCKETS - under_way[s];
    return room < 16 && under_way[s] > 0 ? 0 : room > BATCH ? BATCH : room;
}

int main(int argc, char **argv) {
    if (argc < 8) {
        fprintf(stderr, "usage: name-load handle|dns PREFIX|ZONE PORT SECONDS RATE RECORDS PID...\n");
        return 2;
    }
    is_dns = !strcmp(argv[1], "dns");
    double seconds = atof(argv[4]), rate = atof(argv[5]);
    long records = atol(argv[6]);
    char **pids = argv + 7;
    int pid_count = argc - 7;
    latencies = malloc((size_t)LATENCIES_MAX * sizeof *latencies);
    open_sockets(atoi(argv[3]));

    struct mmsghdr out[BATCH], in[BATCH];
    struct iovec out_octets[BATCH], in_octets[BATCH];
    for (int i = 0; i < BATCH; i++) {
        if (is_dns) dns_request(request[i], argv[2]);
        else handle_request(request[i], argv[2]);
        out_octets[i] = (struct iovec){request[i], request_bytes};
        in_octets[i] = (struct iovec){answer[i], ANSWER_MAX};
        out[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &out_octets[i], .msg_iovlen = 1}};
        in[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &in_octets[i], .msg_iovlen = 1}};
    }
    struct pollfd readable[SOCKETS];
    for (int s = 0; s < SOCKETS; s++) readable[s] = (struct pollfd){sockets[s], POLLIN, 0};

    uint64_t start = now(), count_from = start + seconds * .2e9, end = start + seconds * 1e9, heard = start;
    int counting = 0;
    double cpu = 0;
    for (uint64_t t = start; t < end; t = now()) {
        if (!counting && t >= count_from) {
            counting = 1, cpu = cpu_of(pids, pid_count), count_from = now();
            answers = octets = wrong = 0;
        }
        int got = 0;
        for (int s = 0; s < SOCKETS; s++) {
            int count = allowance(s, rate, t - start);
            if (count > 0) ask(s, count, records, out);
        }
        for (int s = 0; s < SOCKETS; s++) got += receive(s, in, counting);
        if (got) {
            heard = t;
        } else if (rate > 0) {
            struct timespec nap = {0, 20000};
            ppoll(readable, SOCKETS, &nap, NULL);
        } else if (t - heard < LOST_AFTER_NANOS) {
            poll(readable, SOCKETS, 1);
        } else {
            for (int s = 0; s < SOCKETS; s++) lost += under_way[s], under_way[s] = 0;
            heard = t;
        }
    }
    double elapsed = (now() - count_from) * 1e-9, used = cpu_of(pids, pid_count) - cpu;
    qsort(latencies, latency_count, sizeof *latencies, ascending);
    long count = answers ? answers : 1;
    if (rate > 0)
        for (int s = 0; s < SOCKETS; s++) lost += under_way[s];
    printf("rate=%.0f cpu=%.3f octets=%.0f p50=%.1f p99=%.1f p999=%.1f lost=%ld wrong=%ld\n", answers / elapsed,
           used / count * 1e6, (double)octets / count, percentile(.5), percentile(.99), percentile(.999), lost, wrong);
    return 0;
}
