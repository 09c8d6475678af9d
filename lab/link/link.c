/*
 * A network link in userspace: two TUN devices, and between them delay, jitter, loss, a rate with a bounded queue, and
 * outages, each direction with settings of its own that may change while packets fly.
 *
 *   link SEED NETNS_A DEVICE_A NETNS_B DEVICE_B      a NETNS is a path, such as /run/netns/alice or /proc/self/ns/net
 *
 * It makes both devices (each in its namespace), says "ready", then reads commands from standard input, one a line, and
 * answers each with one line. It ends, and its devices with it, when standard input does.
 *
 *   set ab|ba delay=MS jitter=MS loss=FRACTION rate=KBITS queue=MS down=0|1      those left out stay as they are
 *   stats
 *
 * Loss is drawn from a generator seeded by SEED: the same packets are lost whenever the same sequence is sent. Packets
 * never overtake each other: jitter stretches and squeezes the gaps between them, as a queue in a router does.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { PACKET_BYTES = 2048, IN_FLIGHT = 8192 };

static const int64_t NANOS_PER_MS = 1000000;

struct packet {
  int64_t due;
  int length;
  unsigned char bytes[PACKET_BYTES];
};

struct direction {
  int from, to;
  double delay_ms, jitter_ms, loss, rate_kbits, queue_ms;
  int down;
  uint64_t loss_state, jitter_state;
  int64_t sender_free_at, last_due;
  long passed, lost, overflowed, cut;
  int64_t longest; /* that a packet was to be held */
  long head, tail; /* count up for ever; the ring holds [head, tail) */
  struct packet *ring;
};

static void die(const char *what) {
  fprintf(stderr, "link: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int64_t now_nanos(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 * NANOS_PER_MS + now.tv_nsec;
}

/* SplitMix64, as a fraction in [0, 1). */
static double draw(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static void enter(const char *netns) {
  int fd = open(netns, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || setns(fd, CLONE_NEWNET) < 0) die(netns);
  close(fd);
}

/* A TUN device belongs to the namespace in which /dev/net/tun was opened. */
static int open_tun(const char *netns, const char *name) {
  enter(netns);
  int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) die("/dev/net/tun");
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
  if (ioctl(fd, TUNSETIFF, &request) < 0) die(name);
  return fd;
}

/* When a packet of that length leaves the far end; -1 if the queue before the rate limit has no room for it. */
static int64_t schedule(struct direction *d, int length, int64_t now) {
  int64_t sent = now;
  if (d->rate_kbits > 0) {
    int64_t start = d->sender_free_at > now ? d->sender_free_at : now;
    if ((double)(start - now) > d->queue_ms * NANOS_PER_MS) return -1;
    sent = start + (int64_t)(length * 8 / d->rate_kbits * NANOS_PER_MS);
    d->sender_free_at = sent;
  }
  double held_ms = d->delay_ms + d->jitter_ms * (2 * draw(&d->jitter_state) - 1);
  int64_t due = sent + (int64_t)((held_ms > 0 ? held_ms : 0) * NANOS_PER_MS);
  if (due < d->last_due) due = d->last_due;
  d->last_due = due;
  if (due - now > d->longest) d->longest = due - now;
  return due;
}

static void take_in(struct direction *d) {
  static unsigned char beyond_room[PACKET_BYTES];
  for (;;) {
    int full = d->tail - d->head == IN_FLIGHT;
    struct packet *packet = &d->ring[d->tail % IN_FLIGHT];
    ssize_t length = read(d->from, full ? beyond_room : packet->bytes, PACKET_BYTES);
    if (length <= 0) return;
    int is_lost = draw(&d->loss_state) < d->loss;
    if (d->down) {
      d->cut++;
    } else if (is_lost) {
      d->lost++;
    } else if (full || (packet->due = schedule(d, (int)length, now_nanos())) < 0) {
      d->overflowed++;
    } else {
      packet->length = (int)length;
      d->tail++;
    }
  }
}

static void let_out(struct direction *d, int64_t now) {
  while (d->head < d->tail && d->ring[d->head % IN_FLIGHT].due <= now) {
    struct packet *packet = &d->ring[d->head++ % IN_FLIGHT];
    if (write(d->to, packet->bytes, packet->length) == packet->length) d->passed++;
    else d->overflowed++;
  }
}

/* Takes one "name=value" of a set command; 0 if there is no such setting or the value makes no sense. */
static int apply(struct direction *d, char *setting) {
  char *equals = strchr(setting, '=');
  if (!equals) return 0;
  *equals = 0;
  char *end;
  double value = strtod(equals + 1, &end);
  if (*end || end == equals + 1 || !(value >= 0 && value < 1e9)) return 0;
  if (!strcmp(setting, "delay")) d->delay_ms = value;
  else if (!strcmp(setting, "jitter")) d->jitter_ms = value;
  else if (!strcmp(setting, "loss") && value <= 1) d->loss = value;
  else if (!strcmp(setting, "rate")) d->rate_kbits = value;
  else if (!strcmp(setting, "queue")) d->queue_ms = value;
  else if (!strcmp(setting, "down")) d->down = value != 0;
  else return 0;
  return 1;
}

static void print_stats(const char *name, const struct direction *d) {
  printf("\"%s\":{\"passed\":%ld,\"lost\":%ld,\"overflowed\":%ld,\"cut\":%ld,\"longestMs\":%.2f}", name, d->passed, d->lost,
         d->overflowed, d->cut, (double)d->longest / NANOS_PER_MS);
}

static void obey(char *line, struct direction *ab, struct direction *ba) {
  char *command = strtok(line, " ");
  if (command && !strcmp(command, "stats")) {
    printf("{");
    print_stats("ab", ab);
    printf(",");
    print_stats("ba", ba);
    printf("}\n");
    return;
  }
  char *which = strtok(NULL, " ");
  struct direction *d = !which ? NULL : !strcmp(which, "ab") ? ab : !strcmp(which, "ba") ? ba : NULL;
  if (!command || strcmp(command, "set") || !d) {
    printf("error: set ab|ba NAME=VALUE..., or stats\n");
    return;
  }
  struct direction wanted = *d;
  for (char *setting; (setting = strtok(NULL, " "));) {
    if (!apply(&wanted, setting)) {
      printf("error: %s\n", setting);
      return;
    }
  }
  *d = wanted;
  printf("ok\n");
}

/* Obeys whole lines from standard input; 0 at its end. */
static int read_commands(struct direction *ab, struct direction *ba) {
  static char buffer[4096];
  static size_t held;
  ssize_t got = read(STDIN_FILENO, buffer + held, sizeof buffer - 1 - held);
  if (got <= 0) return 0;
  held += (size_t)got;
  buffer[held] = 0;
  char *line = buffer;
  for (char *end; (end = strchr(line, '\n')); line = end + 1) {
    *end = 0;
    obey(line, ab, ba);
  }
  held -= (size_t)(line - buffer);
  memmove(buffer, line, held);
  return held < sizeof buffer - 1;
}

static struct direction direction_between(int from, int to, uint64_t seed) {
  struct direction d = {.from = from, .to = to, .queue_ms = 300, .loss_state = seed, .jitter_state = ~seed};
  d.ring = calloc(IN_FLIGHT, sizeof *d.ring); /* pages come as they are used */
  if (!d.ring) die("memory");
  return d;
}

static int64_t earliest_due(const struct direction *d, int64_t otherwise) {
  if (d->head == d->tail) return otherwise;
  int64_t due = d->ring[d->head % IN_FLIGHT].due;
  return due < otherwise ? due : otherwise;
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "usage: link SEED NETNS_A DEVICE_A NETNS_B DEVICE_B\n");
    return 2;
  }
  /* Two namespaces may be told relative to the one it was started in, so both are entered from there. */
  int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  int a = open_tun(argv[2], argv[3]);
  if (home < 0 || setns(home, CLONE_NEWNET) < 0) die("/proc/self/ns/net");
  int b = open_tun(argv[4], argv[5]);
  uint64_t seed = strtoull(argv[1], NULL, 10);
  struct direction ab = direction_between(a, b, seed * 2), ba = direction_between(b, a, seed * 2 + 1);

  /* Browsers that encode video fill every core; a link that waits its turn behind them would add delay of its own. */
  struct sched_param first = {.sched_priority = 10};
  sched_setscheduler(0, SCHED_FIFO, &first); /* refused to a plain user: then it is merely less exact */

  setvbuf(stdout, NULL, _IOLBF, 0);
  printf("ready\n");
  struct pollfd ready[] = {{a, POLLIN, 0}, {b, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  for (;;) {
    int64_t now = now_nanos();
    int64_t next = earliest_due(&ab, earliest_due(&ba, INT64_MAX));
    int64_t wait = next > now ? next - now : 0;
    struct timespec timeout = {wait / (1000 * NANOS_PER_MS), wait % (1000 * NANOS_PER_MS)};
    if (ppoll(ready, 3, next == INT64_MAX ? NULL : &timeout, NULL) < 0 && errno != EINTR) die("poll");
    if ((ready[0].revents | ready[1].revents) & (POLLERR | POLLHUP)) return 0; /* a namespace went, and its device */
    if (ready[0].revents) take_in(&ab);
    if (ready[1].revents) take_in(&ba);
    if (ready[2].revents && !read_commands(&ab, &ba)) return 0;
    now = now_nanos();
    let_out(&ab, now);
    let_out(&ba, now);
  }
}
