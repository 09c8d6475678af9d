// The load: TURN clients and their peers in one thread that never sleeps, and the server's CPU time read beside them.
//
//   load MODE name=value...
//
// relay   sends ChannelData from clients to peers and data from peers to clients, half each, and counts what arrives:
//         pid server clients peers secret transport=udp|tcp allocations size rate (0: as much as there is room for) train
//         window warm seconds
// cycle   has allocations given and takes them back: the same without size to warm, and cycles
// hold    keeps allocations, each with a channel, until its standard input ends
//
// Each may be told its patience, in seconds, with a server that does not answer. Prints one line of name=value.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "clients.h"

enum { BATCH = 32, PACKET = 2048, BUCKETS = 200000, BUCKET_NS = 100, SETTLE_US = 1200000 /* what a server puts off is its cost, too */ };
static const uint64_t MS = 1000000, SECOND = 1000000000;

static struct {
  int pid, size, rate, train, window, cycles;
  double warm, seconds;
} plan = {.size = 200, .train = 1, .window = 256, .cycles = 1, .warm = 1, .seconds = 2};

// The front of each payload.
struct stamp {
  uint64_t sent_at;
  uint32_t index;
  uint32_t run;  // odd while measuring
};

// One of the two ways through the relay.
struct way {
  int out, in;  // the sockets it is sent on and arrives at
  int index, left_of_train;
  uint64_t sent, arrived, forgotten;      // all packets; forgotten: no longer waited for
  uint64_t measured_sent, measured_arrived;  // those sent while measuring
  uint64_t last_arrival;
  int count;  // packets waiting to be sent
  struct mmsghdr messages[BATCH];
  struct iovec parts[BATCH];
  char control[BATCH][CMSG_SPACE(sizeof(struct in_pktinfo))];
  uint8_t bytes[BATCH][PACKET];
};

static struct way up, down;
static uint32_t run;
static uint64_t wrong, late;
static uint32_t histogram[BUCKETS];

static uint64_t server_cpu(void) {
  clockid_t clock;
  struct timespec t;
  if (clock_getcpuclockid(plan.pid, &clock) || clock_gettime(clock, &t)) die("process %d has no CPU clock: has the server ended?", plan.pid);
  return t.tv_sec * SECOND + t.tv_nsec;
}

// --- sending ---------------------------------------------------------------------------------------------------------

static void prepare(struct way *w, int out, int in) {
  w->out = out;
  w->in = in;
  w->left_of_train = plan.train;
  for (int i = 0; i < BATCH; i++) {
    struct cmsghdr *c = (struct cmsghdr *)w->control[i];
    *c = (struct cmsghdr){CMSG_LEN(sizeof(struct in_pktinfo)), IPPROTO_IP, IP_PKTINFO};
    w->parts[i].iov_base = w->bytes[i];
    w->messages[i].msg_hdr = (struct msghdr){.msg_namelen = sizeof(struct sockaddr_in), .msg_iov = &w->parts[i], .msg_iovlen = 1,
                                             .msg_control = c, .msg_controllen = sizeof w->control[i]};
    for (int j = 0; j < PACKET; j++) w->bytes[i][j] = j * 31;
  }
}

static void flush(struct way *w) {
  for (int at = 0; at < w->count;) {
    int sent = sendmmsg(w->out, w->messages + at, w->count - at, 0);
    at += sent < 1 ? 1 : sent;
  }
  w->count = 0;
}

static void count_sent(struct way *w) {
  w->sent++;
  w->measured_sent += run & 1;
}

static void datagram(struct way *w, struct sockaddr_in *to, struct in_addr from, int length) {
  struct in_pktinfo info = {.ipi_spec_dst = from};
  memcpy(CMSG_DATA((struct cmsghdr *)w->control[w->count]), &info, sizeof info);
  w->messages[w->count].msg_hdr.msg_name = to;
  w->parts[w->count].iov_len = length;
  count_sent(w);
  if (++w->count == BATCH) flush(w);
}

static void send_one(struct way *w, uint64_t now) {
  struct client *c = &clients[w->index];
  struct stamp stamp = {now, w->index, run};
  uint8_t *bytes = w->bytes[w->count];
  if (w == &up) {
    uint8_t header[CHANNEL_HEADER] = {c->channel >> 8, c->channel, plan.size >> 8, plan.size};
    memcpy(bytes, header, sizeof header);
    memcpy(bytes + CHANNEL_HEADER, &stamp, sizeof stamp);
    if (settings.transport == UDP)
      datagram(w, &settings.server, c->address.sin_addr, plan.size + CHANNEL_HEADER);
    else if (write_stream(c, bytes, (plan.size + CHANNEL_HEADER + 3) & ~3))
      count_sent(w);
    else
      late++;
  } else {
    memcpy(bytes, &stamp, sizeof stamp);
    datagram(w, &c->relayed, c->peer.sin_addr, plan.size);
  }
  if (--w->left_of_train == 0) {
    w->left_of_train = plan.train;
    w->index = (w->index + 1) % settings.allocations;
  }
}

// How many packets are due both ways, in whole trains. A stall of this process is no reason for a flood.
static int due(uint64_t now, uint64_t start) {
  static uint64_t scheduled;
  uint64_t by_now = (now - start) * plan.rate / SECOND, most = plan.rate / 500 + 2 * plan.train;
  if (by_now < scheduled) return 0;
  uint64_t owed = by_now - scheduled;
  if (owed > most) {
    late += owed - most;
    scheduled += owed - most;
    owed = most;
  }
  owed -= owed % plan.train;
  scheduled += owed;
  return owed;
}

// How many packets may go one way for the window to be full. What has not come for 20 ms is not waited for.
static int room(struct way *w, uint64_t now) {
  int64_t out = w->sent - w->arrived - w->forgotten;
  if (out > 0 && now - w->last_arrival > 20 * MS) {
    w->forgotten += out;
    w->last_arrival = now;
    out = 0;
  }
  int64_t free = plan.window / 2 - out;
  return free < 0 ? 0 : free - free % plan.train;
}

static bool send_some(uint64_t now, uint64_t start) {
  static struct way *turn = &up;
  int up_count, down_count;
  if (plan.rate > 0) {
    int trains = due(now, start) / plan.train, mine = trains / 2 + (trains & (turn == &up));
    if (trains & 1) turn = turn == &up ? &down : &up;
    up_count = mine * plan.train;
    down_count = (trains - mine) * plan.train;
  } else {
    up_count = room(&up, now);
    down_count = room(&down, now);
  }
  for (int i = 0; i < up_count; i++) send_one(&up, now);
  for (int i = 0; i < down_count; i++) send_one(&down, now);
  flush(&up);
  flush(&down);
  return up_count + down_count > 0;
}

// --- receiving -------------------------------------------------------------------------------------------------------

static void arrived(struct way *w, const uint8_t *payload, int length, int index, uint64_t now) {
  struct stamp stamp;
  if (length != plan.size) {
    wrong++;
    return;
  }
  memcpy(&stamp, payload, sizeof stamp);
  if (stamp.run >> 1 != run >> 1) return;
  if ((int)stamp.index != index) wrong++;
  w->arrived++;
  w->last_arrival = now;
  if (stamp.run & 1) {
    uint64_t bucket = (now - stamp.sent_at) / BUCKET_NS;
    w->measured_arrived++;
    histogram[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
  }
}

static uint64_t stream_time;

static void from_stream(int index, uint8_t *bytes, int length) {
  bool mine = (bytes[0] << 8 | bytes[1]) == clients[index].channel;
  if (mine) arrived(&down, bytes + CHANNEL_HEADER, length - CHANNEL_HEADER, index, stream_time);
}

static bool receive_streams(void) {
  struct epoll_event ready[64];
  int count = epoll_wait(connections, ready, 64, 0);
  stream_time = now_ns();
  for (int i = 0; i < count; i++) read_stream(ready[i].data.u32, from_stream);
  return count > 0;
}

// Whom a datagram from the relay is for: a client by the address it came to, a peer's by the relay it came from.
static int addressee(struct way *w, struct msghdr *m, const uint8_t *payload) {
  if (w == &down) {
    struct in_pktinfo info;
    memcpy(&info, CMSG_DATA(CMSG_FIRSTHDR(m)), sizeof info);
    return client_index(ntohl(info.ipi_addr.s_addr));
  }
  struct stamp stamp;
  struct sockaddr_in *from = m->msg_name;
  memcpy(&stamp, payload, sizeof stamp);
  bool its_relay = stamp.index < (uint32_t)settings.allocations && from->sin_port == clients[stamp.index].relayed.sin_port;
  return its_relay ? (int)stamp.index : -1;
}

static bool receive_datagrams(struct way *w, int header) {
  static struct mmsghdr messages[BATCH];
  static struct iovec parts[BATCH];
  static struct sockaddr_in from[BATCH];
  static char control[BATCH][CMSG_SPACE(sizeof(struct in_pktinfo))];
  static uint8_t bytes[BATCH][PACKET];
  for (int i = 0; i < BATCH; i++) {
    parts[i] = (struct iovec){bytes[i], PACKET};
    messages[i].msg_hdr = (struct msghdr){&from[i], sizeof from[i], &parts[i], 1, control[i], sizeof control[i], 0};
  }
  int count = recvmmsg(w->in, messages, BATCH, MSG_DONTWAIT, NULL);
  uint64_t now = now_ns();
  for (int i = 0; i < count; i++) {
    int length = messages[i].msg_len - header;
    if (length < (int)sizeof(struct stamp)) continue;
    int index = addressee(w, &messages[i].msg_hdr, bytes[i] + header);
    bool mine = header == 0 || (index >= 0 && (bytes[i][0] << 8 | bytes[i][1]) == clients[index].channel);
    if (index < 0 || !mine)
      wrong++;
    else
      arrived(w, bytes[i] + header, length, index, now);
  }
  return count > 0;
}

static bool receive_some(void) {
  bool some = receive_datagrams(&up, 0);
  some |= settings.transport == TCP ? receive_streams() : receive_datagrams(&down, CHANNEL_HEADER);
  return some;
}

// --- modes -----------------------------------------------------------------------------------------------------------

static double percentile_us(double part) {
  uint64_t all = 0, seen = 0;
  for (int i = 0; i < BUCKETS; i++) all += histogram[i];
  for (int i = 0; i < BUCKETS; i++)
    if ((seen += histogram[i]) >= all * part && seen > 0) return (i + 0.5) * BUCKET_NS / 1000;
  return 0;
}

static void relay(void) {
  open_clients();
  allocate(true);
  prepare(&up, client_socket, peer_socket);
  prepare(&down, peer_socket, client_socket);
  run = (uint32_t)getpid() << 1;
  uint64_t start = up.last_arrival = down.last_arrival = now_ns(), from = start + plan.warm * SECOND, until = from + plan.seconds * SECOND;
  uint64_t cpu = 0, before = 0, idle = 0, began = 0, now, last = start;
  while ((now = now_ns()) < until) {
    if (!(run & 1) && now >= from) {
      run |= 1;
      cpu = server_cpu();
      began = now;
      before = up.arrived + down.arrived;
      idle = 0;
    }
    bool some = send_some(now, start);
    some |= receive_some();
    if (!some) idle += now_ns() - now;
  }
  cpu = server_cpu() - cpu;
  double packets = up.arrived + down.arrived - before, took = now - began;
  for (last = now_ns(); now_ns() - last < 200 * MS;) receive_some();
  double sent = up.measured_sent + down.measured_sent, got = up.measured_arrived + down.measured_arrived;
  if (packets == 0) die("nothing came through the relay");
  printf("sent=%.0f loss=%.6f wrong=%lu late=%lu seconds=%.3f rate=%.0f cpu_us=%.4f busy=%.4f per_core=%.0f p50=%.1f p99=%.1f idle=%.3f\n",
         sent, 1 - got / sent, wrong, late, took / SECOND, packets / took * SECOND, cpu / packets / 1000, cpu / took,
         packets / cpu * SECOND, percentile_us(0.50), percentile_us(0.99), idle / took);
  release();
  close_clients();
}

static void allocate_and_release(void) {
  open_clients();
  allocate(false);
  release();
  close_clients();
}

static void cycle(void) {
  uint64_t start = now_ns(), cpu = server_cpu();
  for (int i = 0; i < plan.cycles; i++) allocate_and_release();
  double took = now_ns() - start, cycles = (double)plan.cycles * settings.allocations;
  usleep(SETTLE_US);
  printf("cycles=%.0f cpu_us=%.3f per_second=%.0f\n", cycles, (server_cpu() - cpu) / cycles / 1000, cycles / took * SECOND);
}

static void hold(void) {
  char byte;
  open_clients();
  allocate(true);
  printf("holding\n");
  fflush(stdout);
  while (read(0, &byte, 1) > 0) {
  }
  release();
  close_clients();
}

// --- the command line ------------------------------------------------------------------------------------------------

static uint32_t ipv4(const char *text) {
  struct in_addr address;
  if (inet_pton(AF_INET, text, &address) != 1) die("'%s' is not an IPv4 address", text);
  return ntohl(address.s_addr);
}

static void set(char *argument) {
  char *value = strchr(argument, '=');
  if (!value) die("'%s' is not name=value", argument);
  *value++ = 0;
  if (!strcmp(argument, "server")) {
    char *port = strchr(value, ':');
    if (!port) die("server=ADDRESS:PORT");
    *port++ = 0;
    settings.server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(atoi(port)), .sin_addr.s_addr = htonl(ipv4(value))};
  } else if (!strcmp(argument, "clients")) settings.client_range = ipv4(value);
  else if (!strcmp(argument, "peers")) settings.peer_range = ipv4(value);
  else if (!strcmp(argument, "secret")) settings.secret = value;
  else if (!strcmp(argument, "transport")) settings.transport = strcmp(value, "tcp") ? UDP : TCP;
  else if (!strcmp(argument, "allocations")) settings.allocations = atoi(value);
  else if (!strcmp(argument, "patience")) settings.patience = atoi(value);
  else if (!strcmp(argument, "pid")) plan.pid = atoi(value);
  else if (!strcmp(argument, "size")) plan.size = atoi(value);
  else if (!strcmp(argument, "rate")) plan.rate = atoi(value);
  else if (!strcmp(argument, "train")) plan.train = atoi(value);
  else if (!strcmp(argument, "window")) plan.window = atoi(value);
  else if (!strcmp(argument, "cycles")) plan.cycles = atoi(value);
  else if (!strcmp(argument, "warm")) plan.warm = atof(value);
  else if (!strcmp(argument, "seconds")) plan.seconds = atof(value);
  else die("there is no setting '%s'", argument);
}

int main(int argc, char **argv) {
  settings.allocations = 1;
  settings.patience = 20;
  settings.secret = "";
  for (int i = 2; i < argc; i++) set(argv[i]);
  bool sane = settings.server.sin_port && settings.allocations > 0 && settings.allocations <= 4000 && plan.train > 0 &&
              plan.size >= (int)sizeof(struct stamp) && plan.size <= 1400 && plan.pid > 0;
  if (argc < 3 || !sane) die("usage: load relay|cycle|hold pid=N server=ADDRESS:PORT clients=ADDRESS peers=ADDRESS name=value...");
  if (!strcmp(argv[1], "relay")) relay();
  else if (!strcmp(argv[1], "cycle")) cycle();
  else if (!strcmp(argv[1], "hold")) hold();
  else die("there is no mode '%s'", argv[1]);
}
