/*
 * Many MQTT 3.1.1 clients in one thread, so cheap that the server is what is measured.
 *
 *   cc -O2 -o mqtt-load mqtt-load.c
 *   mqtt-load idle    PORT CLIENTS                                      connects them and then obeys lines on standard input:
 *                                                                       "storm" = drop all at once and connect all at once again
 *   mqtt-load publish PORT CLIENTS SECONDS WINDOW RATE PAYLOAD PID...   QoS 1; every client its own topic
 *
 * Clients come from 127.0.0.2 to 127.0.0.201 in turn. RATE 0: a closed loop, each client with WINDOW messages unacknowledged. Else
 * so many messages per second of all clients together, each in its turn; the time of an acknowledgement counts from the instant
 * its message was due. PID...: the server's processes, whose user and system time is summed. The first fifth of the run is not
 * counted. One line of key=value pairs on standard output per command; "failed" are connections refused, reset or closed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "load.h"

enum { ADDRESSES = 200, WINDOW_MAX = 256, IN_MAX = 1024, CONNECT_SECONDS_MAX = 60, LATENCIES_MAX = 20000000, LETTERS = 1 << 20 };

enum state { CONNECTING, WAITING, READY, FAILED };

struct client {
    int fd, number, unacknowledged, in_bytes;
    enum state state;
    uint16_t last_id;
    uint64_t due[WINDOW_MAX]; /* by identifier modulo WINDOW_MAX */
    unsigned char in[IN_MAX];
};

static int port, count, window, payload, poller;
static struct client **clients;
static long ready, failed, sent, acknowledged, latency_count;
static int measuring;
static uint32_t *latencies; /* in microseconds */
static unsigned char packet[70000];
static unsigned char letters[LETTERS]; /* payloads are cut out of them, so that compressing finds little */

static void watch(struct client *c, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = c};
    epoll_ctl(poller, operation, c->fd, &event);
}

static void fail(struct client *c, const char *why) {
    if (failed++ < 5) fprintf(stderr, "mqtt-load: client %d: %s\n", c->number, why);
    if (c->state == READY) ready--;
    c->state = FAILED;
    close(c->fd);
}

static void begin(struct client *c) {
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c->fd < 0) {
        perror("mqtt-load: socket");
        exit(2);
    }
    c->in_bytes = c->unacknowledged = 0;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    struct sockaddr_in from = {.sin_family = AF_INET};
    from.sin_addr.s_addr = htonl(0x7f000002 + c->number % ADDRESSES);
    bind(c->fd, (void *)&from, sizeof from);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->state = CONNECTING;
    if (connect(c->fd, (void *)&to, sizeof to) && errno != EINPROGRESS) {
        fail(c, strerror(errno));
        return;
    }
    watch(c, EPOLL_CTL_ADD, EPOLLOUT);
}

/* CONNECT: clean session, keep-alive 3600 s. */
static void introduce(struct client *c) {
    unsigned char connect[64] = {0x10, 0, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0x0e, 0x10, 0};
    int length = sprintf((char *)connect + 14, "load-%d-%06d", getpid(), c->number);
    connect[13] = length;
    connect[1] = 12 + length;
    c->state = WAITING;
    if (send(c->fd, connect, 14 + length, MSG_NOSIGNAL) != 14 + length) {
        fail(c, strerror(errno));
        return;
    }
    watch(c, EPOLL_CTL_MOD, EPOLLIN);
}

static void acknowledge(struct client *c, int id, uint64_t at) {
    acknowledged++;
    c->unacknowledged--;
    if (measuring && latency_count < LATENCIES_MAX) latencies[latency_count++] = (at - c->due[id % WINDOW_MAX]) / 1000;
}

/* Packets of this server towards a publisher are four octets long: CONNACK and PUBACK. */
static void receive(struct client *c, uint64_t at) {
    int got = recv(c->fd, c->in + c->in_bytes, IN_MAX - c->in_bytes, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
        fail(c, got ? strerror(errno) : "closed by the server");
        return;
    }
    int end = c->in_bytes + got, from = 0;
    for (; end - from >= 4; from += 4) {
        unsigned char *p = c->in + from;
        if (p[0] == 0x20 && p[3] == 0) {
            c->state = READY;
            ready++;
        } else if (p[0] == 0x40) {
            acknowledge(c, p[2] << 8 | p[3], at);
        } else {
            fail(c, "an answer that is neither CONNACK with code 0 nor PUBACK");
            return;
        }
    }
    memmove(c->in, c->in + from, end - from);
    c->in_bytes = end - from;
}

static void poll_once(int wait_millis) {
    struct epoll_event events[512];
    int n = epoll_wait(poller, events, 512, wait_millis);
    uint64_t at = now();
    for (int i = 0; i < n; i++) {
        struct client *c = events[i].data.ptr;
        if (c->state == CONNECTING) {
            int error = 0;
            socklen_t size = sizeof error;
            getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
            if (error) fail(c, strerror(error));
            else introduce(c);
        } else if (c->state != FAILED) {
            receive(c, at);
        }
    }
}

static void connect_all(const char *what) {
    uint64_t start = now();
    ready = failed = 0;
    for (int i = 0; i < count; i++) {
        begin(clients[i]);
        if (i % 64 == 63) poll_once(0);
    }
    while (ready + failed < count && now() - start < CONNECT_SECONDS_MAX * 1000000000ull) poll_once(100);
    double seconds = (now() - start) * 1e-9;
    printf("%s clients=%d connected=%ld failed=%ld seconds=%.2f per_s=%.0f\n", what, count, ready, count - ready, seconds,
           ready / seconds);
    fflush(stdout);
}

/* As when a switch loses power: no DISCONNECT, no orderly end. */
static void drop_all(void) {
    struct linger at_once = {1, 0};
    for (int i = 0; i < count; i++) {
        if (clients[i]->state == FAILED) continue;
        setsockopt(clients[i]->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(clients[i]->fd);
    }
}

static void idle(void) {
    connect_all("idle");
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, 0, &event)) return; /* a file: nobody will say anything */
    char line[64];
    for (;;) {
        struct epoll_event events[64];
        int n = epoll_wait(poller, events, 64, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr) {
                receive(events[i].data.ptr, 0);
                continue;
            }
            if (!fgets(line, sizeof line, stdin)) return;
            epoll_ctl(poller, EPOLL_CTL_DEL, 0, NULL);
            long lost = failed;
            drop_all();
            connect_all(lost ? "storm-after-losses" : "storm");
            epoll_ctl(poller, EPOLL_CTL_ADD, 0, &event);
            break;
        }
    }
}

static void publish_one(struct client *c, uint64_t due) {
    unsigned char *p = packet;
    char topic[24];
    int topic_length = sprintf(topic, "d/%d/t", c->number), left = 2 + topic_length + 2 + payload;
    *p++ = 0x32;
    do {
        *p++ = (left & 127) | (left > 127 ? 128 : 0);
        left >>= 7;
    } while (left);
    *p++ = 0;
    *p++ = topic_length;
    memcpy(p, topic, topic_length);
    p += topic_length;
    if (++c->last_id == 0) c->last_id = 1;
    *p++ = c->last_id >> 8;
    *p++ = c->last_id;
    c->due[c->last_id % WINDOW_MAX] = due;
    memcpy(p, letters + (sent * 977) % (LETTERS - payload), payload);
    int length = p - packet + payload;
    if (send(c->fd, packet, length, MSG_NOSIGNAL) != length) {
        fail(c, "its socket takes no whole message");
        return;
    }
    sent++;
    c->unacknowledged++;
}

static int by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint32_t quantile(double q) { return latency_count ? latencies[(long)(q * (latency_count - 1))] : 0; }

static void publish(double seconds, double rate, int pid_count, int *pids) {
    connect_all("connect");
    srandom(1);
    for (int i = 0; i < LETTERS; i++) letters[i] = 'A' + random() % 26;
    uint64_t start = now(), begin_measuring = start + seconds * 0.2e9, end = start + seconds * 1e9, began = 0;
    double cpu = 0;
    long before = 0, turn = 0;
    for (uint64_t at = start; at < end; at = now()) {
        if (!measuring && at >= begin_measuring) {
            measuring = 1;
            began = at;
            before = acknowledged;
            for (int i = 0; i < pid_count; i++) cpu -= cpu_seconds(pids[i]);
        }
        if (rate > 0) {
            long due = (at - start) * 1e-9 * rate;
            for (; sent < due; turn++) {
                struct client *c = clients[turn % count];
                if (c->state == READY && c->unacknowledged < WINDOW_MAX) publish_one(c, start + (uint64_t)(sent / rate * 1e9));
                else if (turn % count == 0) break;
            }
        } else {
            for (int i = 0; i < count; i++)
                while (clients[i]->state == READY && clients[i]->unacknowledged < window) publish_one(clients[i], at);
        }
        poll_once(rate > 0 ? 0 : 10); /* its core is its own: a nap would count as the server's time */
    }
    double elapsed = (now() - began) * 1e-9;
    long answers = acknowledged - before;
    for (int i = 0; i < pid_count; i++) cpu += cpu_seconds(pids[i]);
    qsort(latencies, latency_count, sizeof *latencies, by_size);
    printf("publish clients=%d failed=%ld acknowledged_per_s=%.0f server_cpu_s_per_million=%.2f p50_us=%u p99_us=%u p999_us=%u\n", count,
           failed, answers / elapsed, cpu / answers * 1e6, quantile(0.5), quantile(0.99), quantile(0.999));
}

int main(int argc, char **argv) {
    int publishing = argc > 8 && !strcmp(argv[1], "publish");
    if (!publishing && (argc != 4 || strcmp(argv[1], "idle"))) {
        fprintf(stderr, "usage: mqtt-load idle PORT CLIENTS | publish PORT CLIENTS SECONDS WINDOW RATE PAYLOAD PID...\n");
        return 2;
    }
    port = atoi(argv[2]);
    count = atoi(argv[3]);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    poller = epoll_create1(0);
    clients = calloc(count, sizeof *clients);
    for (int i = 0; i < count; i++) {
        clients[i] = calloc(1, sizeof **clients);
        clients[i]->number = i;
    }
    if (!publishing) {
        idle();
        return 0;
    }
    window = atoi(argv[5]);
    payload = atoi(argv[7]);
    if (window < 1 || window > WINDOW_MAX || payload < 0 || payload > 65000) {
        fprintf(stderr, "mqtt-load: WINDOW must be in 1..%d and PAYLOAD in 0..65000\n", WINDOW_MAX);
        return 2;
    }
    latencies = malloc(LATENCIES_MAX * sizeof *latencies);
    int pids[argc];
    for (int i = 8; i < argc; i++) pids[i - 8] = atoi(argv[i]);
    publish(atof(argv[4]), atof(argv[6]), argc - 8, pids);
    return 0;
}
