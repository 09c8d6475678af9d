#include "clients.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <netinet/tcp.h>
#include <time.h>
#include <unistd.h>

enum { IN_FLIGHT = 64, UNAUTHENTICATED = 401, STALE_NONCE = 438 };
static const uint64_t RETRY = 500000000;  // ns

struct settings settings;
struct client *clients;
int client_socket, peer_socket, connections;

static const char *const NAMES[] = {[ALLOCATING] = "Allocate", [BINDING] = "ChannelBind", [RELEASING] = "Refresh"};

static uint8_t server_realm[256];
static int server_realm_length;
static uint32_t transactions;
static int moving;  // clients between two steps that rest
static bool bind_too;

void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "load: ");
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  exit(1);
}

uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}

int client_index(uint32_t address) {
  uint32_t index = address - settings.client_range;
  return index < (uint32_t)settings.allocations ? (int)index : -1;
}

static struct sockaddr_in in_range(uint32_t first, int index, in_port_t port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = port};
  address.sin_addr.s_addr = htonl(first + index);
  return address;
}

// --- sockets ---------------------------------------------------------------------------------------------------------

// A socket at a port that the system chooses.
static int udp_socket(in_port_t *port) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), on = 1, room = 16 << 20;
  struct sockaddr_in any = {.sin_family = AF_INET};
  socklen_t size = sizeof any;
  if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof any)) die("UDP socket: %s", strerror(errno));
  getsockname(fd, (struct sockaddr *)&any, &size);
  *port = any.sin_port;
  setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
  // Room for what arrives while something else has this core: a loss should be the server's.
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room)) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  return fd;
}

static void connect_client(int index) {
  struct client *c = &clients[index];
  struct sockaddr_in from = c->address;
  struct epoll_event e = {.events = EPOLLIN, .data.u32 = index};
  int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
  from.sin_port = 0;
  if (fd < 0 || bind(fd, (struct sockaddr *)&from, sizeof from) ||
      connect(fd, (struct sockaddr *)&settings.server, sizeof settings.server))
    die("TCP connection %d: %s", index, strerror(errno));
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  epoll_ctl(connections, EPOLL_CTL_ADD, fd, &e);
  c->connection = fd;
  c->unread.at = malloc(STREAM);
  c->unsent.at = malloc(STREAM);
  c->unread.length = c->unsent.length = 0;
}

void open_clients(void) {
  in_port_t client_port, peer_port;
  clients = calloc(settings.allocations, sizeof *clients);
  client_socket = udp_socket(&client_port);
  peer_socket = udp_socket(&peer_port);
  connections = epoll_create1(0);
  for (int i = 0; i < settings.allocations; i++) {
    clients[i].address = in_range(settings.client_range, i, client_port);
    clients[i].peer = in_range(settings.peer_range, i, peer_port);
    clients[i].channel = 0x4000 | (i & 0xFFF);
    if (settings.transport == TCP) connect_client(i);
  }
}

void close_clients(void) {
  for (int i = 0; settings.transport == TCP && i < settings.allocations; i++) {
    close(clients[i].connection);
    free(clients[i].unread.at);
    free(clients[i].unsent.at);
  }
  close(client_socket);
  close(peer_socket);
  close(connections);
  free(clients);
}

bool write_stream(struct client *c, const void *bytes, int length) {
  if (c->unsent.length > 0) {
    ssize_t n = send(c->connection, c->unsent.at, c->unsent.length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n > 0) memmove(c->unsent.at, c->unsent.at + n, c->unsent.length -= n);
    if (c->unsent.length > 0) return false;
  }
  ssize_t n = send(c->connection, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (n < 0 && errno != EAGAIN) die("the server closed a connection: %s", strerror(errno));
  if (n < 0) n = 0;
  memcpy(c->unsent.at, (const uint8_t *)bytes + n, c->unsent.length = length - n);
  return true;
}

// The whole length of the message at the front of a stream (RFC 8656 section 12.5 pads ChannelData to 4 over TCP).
static int framed(const uint8_t *bytes, int *unpadded) {
  int length = bytes[2] << 8 | bytes[3];
  *unpadded = length + (bytes[0] >> 6 == 1 ? CHANNEL_HEADER : STUN_HEADER);
  return (*unpadded + 3) & ~3;
}

void read_stream(int index, void (*take)(int, uint8_t *, int)) {
  static uint8_t buffer[1 << 16];
  struct client *c = &clients[index];
  memcpy(buffer, c->unread.at, c->unread.length);
  ssize_t n = recv(c->connection, buffer + c->unread.length, sizeof buffer - c->unread.length, MSG_DONTWAIT);
  if (n == 0 || (n < 0 && errno != EAGAIN)) die("the server closed a connection: %s", n ? strerror(errno) : "end of stream");
  if (n < 0) return;
  uint8_t *at = buffer, *end = buffer + c->unread.length + n;
  int unpadded, whole;
  for (; end - at >= 4 && (whole = framed(at, &unpadded)) <= end - at; at += whole) take(index, at, unpadded);
  if (end - at > STREAM) die("the server sent a message of more than %d bytes", STREAM);
  memcpy(c->unread.at, at, c->unread.length = end - at);
}

// --- allocations -----------------------------------------------------------------------------------------------------

static void send_from(struct client *c, const struct message *m) {
  if (settings.transport == TCP) {
    if (!write_stream(c, m->bytes, m->length)) die("a connection takes no request");
    return;
  }
  union {
    char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
    struct cmsghdr header;
  } control = {.header = {CMSG_LEN(sizeof(struct in_pktinfo)), IPPROTO_IP, IP_PKTINFO}};
  struct in_pktinfo from = {.ipi_spec_dst = c->address.sin_addr};
  memcpy(CMSG_DATA(&control.header), &from, sizeof from);
  struct iovec part = {(void *)m->bytes, m->length};
  struct msghdr header = {&settings.server, sizeof settings.server, &part, 1, &control, sizeof control, 0};
  sendmsg(client_socket, &header, 0);
}

static void ask(int index) {
  struct client *c = &clients[index];
  int method = c->step == BINDING ? CHANNEL_BIND : c->step == RELEASING ? REFRESH : ALLOCATE;
  uint8_t channel[4] = {c->channel >> 8, c->channel};
  struct message m;
  stun_begin(&m, method, c->transaction);
  if (method == ALLOCATE) stun_add_u32(&m, REQUESTED_TRANSPORT, 17u << 24);
  if (method == REFRESH) stun_add_u32(&m, LIFETIME, 0);
  if (method == CHANNEL_BIND) {
    stun_add(&m, CHANNEL_NUMBER, channel, 4);
    stun_add_address(&m, XOR_PEER_ADDRESS, c->peer);
  }
  if (c->nonce_length > 0) {
    stun_add(&m, USERNAME, c->username, strlen(c->username));
    stun_add(&m, REALM, server_realm, server_realm_length);
    stun_add(&m, NONCE, c->nonce, c->nonce_length);
    stun_sign(&m, c->key);
  }
  c->asked = now_ns();
  send_from(c, &m);
}

// A new request: its transaction id says whose it is, and which.
static void ask_anew(int index, enum step step) {
  struct client *c = &clients[index];
  uint32_t number = ++transactions;
  memcpy(c->transaction, &index, 4);
  memcpy(c->transaction + 4, &number, 4);
  c->step = step;
  ask(index);
}

static void take_nonce(struct client *c, const uint8_t *response) {
  int realm_length;
  c->challenged++;
  const uint8_t *nonce = stun_find(response, NONCE, &c->nonce_length);
  const uint8_t *realm = stun_find(response, REALM, &realm_length);
  if (!nonce || c->nonce_length > (int)sizeof c->nonce || !realm || realm_length >= (int)sizeof server_realm)
    die("a challenge without REALM and NONCE");
  memcpy(c->nonce, nonce, c->nonce_length);
  memcpy(server_realm, realm, server_realm_length = realm_length);
  server_realm[realm_length] = 0;
  snprintf(c->username, sizeof c->username, "%lld:load%d", (long long)time(NULL) + 86400, (int)(c - clients));
  time_limited_key(settings.secret, c->username, (char *)server_realm, c->key);
}

static void rest(struct client *c, enum step step) {
  c->step = step;
  moving--;
}

static void take_response(int index, uint8_t *bytes, int length) {
  if (!stun_valid(bytes, length)) return;
  struct client *c = &clients[index];
  int type = stun_type(bytes);
  bool current = memcmp(bytes + 8, c->transaction, TRANSACTION_ID) == 0 && c->step != IDLE && c->step != READY;
  if (!current) return;
  if ((type & ERROR) == ERROR) {
    int code = stun_error(bytes);
    bool challenged = (code == UNAUTHENTICATED && c->nonce_length == 0) || code == STALE_NONCE;
    if (!challenged) die("client %d: the server refused request %04x with %d", index, type & ~ERROR, code);
    take_nonce(c, bytes);
    ask_anew(index, c->step);
  } else if (c->step == ALLOCATING) {
    if (!stun_address(bytes, XOR_RELAYED_ADDRESS, &c->relayed)) die("an allocation without an IPv4 relayed address");
    if (bind_too)
      ask_anew(index, BINDING);
    else
      rest(c, READY);
  } else {
    rest(c, c->step == BINDING ? READY : IDLE);
  }
}

static void take_udp_responses(void) {
  for (int i = 0; i < 256; i++) {
    uint8_t bytes[2048];
    ssize_t n = recv(client_socket, bytes, sizeof bytes, 0);
    if (n < 0) return;
    int index;
    if (!stun_valid(bytes, n)) continue;
    memcpy(&index, bytes + 8, 4);
    if (index >= 0 && index < settings.allocations) take_response(index, bytes, n);
  }
}

static void take_responses(void) {
  struct epoll_event ready[256];
  if (settings.transport == UDP) return take_udp_responses();
  int count = epoll_wait(connections, ready, 256, 0);
  for (int i = 0; i < count; i++) read_stream(ready[i].data.u32, take_response);
}

static void retry_late_ones(uint64_t now) {
  for (int i = 0; i < settings.allocations; i++) {
    struct client *c = &clients[i];
    if (c->step == IDLE || c->step == READY) continue;
    if (now - c->began > settings.patience * 1000000000ull)
      die("client %d: no success after %d s, at %s; challenged %d times", i, settings.patience, NAMES[c->step], c->challenged);
    if (now - c->asked < RETRY) continue;
    if (settings.transport == UDP)
      ask(i);
    else
      c->asked = now;
  }
}

// Takes every client through its requests, a bounded number of them at a time.
static void all_go(enum step first) {
  uint64_t looked = now_ns();
  for (int next = 0; next < settings.allocations || moving > 0;) {
    for (; next < settings.allocations && moving < IN_FLIGHT; next++) {
      moving++;
      clients[next].began = now_ns();
      ask_anew(next, first);
    }
    take_responses();
    uint64_t now = now_ns();
    if (now - looked > RETRY / 10) {
      retry_late_ones(now);
      looked = now;
    }
  }
}

void allocate(bool bind) {
  bind_too = bind;
  for (int i = 0; i < settings.allocations; i++) clients[i].nonce_length = 0;
  all_go(ALLOCATING);
}

void release(void) { all_go(RELEASING); }
