// The limit: what a relay costs that does nothing but relay. It answers Allocate, ChannelBind and Refresh without asking
// who is there, forwards ChannelData over UDP by epoll, recvmmsg and sendmmsg, and has no timer, permission, quota,
// log or IPv6. Not a TURN server: a number to hold one against.
//
//   limit ADDRESS PORT
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stun.h"

enum { BATCH = 64, PACKET = 2048, CLIENTS = 1 << 14, PROBES = 64, CHANNEL_HEADER = 4, EVENTS = 256, LISTENER = -1 };

struct client {
  struct sockaddr_in address;  // port 0: a free slot
  struct sockaddr_in peer;
  int relay;  // a socket; 0 before and after
  uint16_t channel;
};

static struct client clients[CLIENTS];
static int listener, events;
static struct sockaddr_in own;

static struct batch {
  struct mmsghdr messages[BATCH];
  struct iovec parts[BATCH];
  struct sockaddr_in addresses[BATCH];
  uint8_t bytes[BATCH][PACKET];
} batch;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

// Finds a client, or makes one if `make`; NULL if there is none, or no room.
static struct client *client_at(struct sockaddr_in address, bool make) {
  uint32_t hash = (address.sin_addr.s_addr ^ address.sin_port * 0x9E3779B1u) * 0x85EBCA6Bu >> 18;
  struct client *spare = NULL;
  for (int i = 0; i < PROBES; i++) {
    struct client *c = &clients[(hash + i) % CLIENTS];
    if (c->address.sin_addr.s_addr == address.sin_addr.s_addr && c->address.sin_port == address.sin_port) return c;
    if (!spare && c->relay <= 0) spare = c;
    if (c->address.sin_port == 0) break;
  }
  if (!make || !spare) return NULL;
  spare->address = address;
  return spare;
}

static int open_socket(struct sockaddr_in at) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), room = 4 << 20;
  if (fd < 0) fail("socket");
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  if (bind(fd, (struct sockaddr *)&at, sizeof at)) fail("bind");
  return fd;
}

static void watch(int fd, int client) {
  struct epoll_event e = {.events = EPOLLIN, .data.fd = client};
  if (epoll_ctl(events, EPOLL_CTL_ADD, fd, &e)) fail("epoll_ctl");
}

static void answer(struct client *c, const uint8_t *request) {
  struct message m;
  struct sockaddr_in relayed = own;
  socklen_t size = sizeof relayed;
  int length, method = stun_type(request);
  const uint8_t *channel;
  stun_begin(&m, method | SUCCESS, request + 8);
  switch (method) {
    case ALLOCATE:
      if (c->relay == 0) {
        relayed.sin_port = 0;
        c->relay = open_socket(relayed);
        watch(c->relay, c - clients);
      }
      getsockname(c->relay, (struct sockaddr *)&relayed, &size);
      stun_add_address(&m, XOR_RELAYED_ADDRESS, relayed);
      stun_add_address(&m, XOR_MAPPED_ADDRESS, c->address);
      stun_add_u32(&m, LIFETIME, 600);
      break;
    case CHANNEL_BIND:
      channel = stun_find(request, CHANNEL_NUMBER, &length);
      if (!channel || !stun_address(request, XOR_PEER_ADDRESS, &c->peer)) return;
      c->channel = channel[0] << 8 | channel[1];
      break;
    case REFRESH:
      if (c->relay > 0) close(c->relay);
      c->relay = 0;
      stun_add_u32(&m, LIFETIME, 0);
      break;
    default:
      return;
  }
  sendto(listener, m.bytes, m.length, 0, (struct sockaddr *)&c->address, sizeof c->address);
}

// Reads packets behind the first so many of the batch, leaving room in front of each.
static int receive(int fd, int behind, int room) {
  for (int i = behind; i < BATCH; i++) {
    batch.parts[i] = (struct iovec){batch.bytes[i] + room, PACKET - room};
    batch.messages[i].msg_hdr = (struct msghdr){
        .msg_name = &batch.addresses[i], .msg_namelen = sizeof batch.addresses[i], .msg_iov = &batch.parts[i], .msg_iovlen = 1};
  }
  return recvmmsg(fd, batch.messages + behind, BATCH - behind, MSG_DONTWAIT, NULL);
}

static void send_all(int fd, struct mmsghdr *messages, int count) {
  while (count > 0) {
    int sent = sendmmsg(fd, messages, count, 0);
    if (sent < 1) sent = 1;  // what cannot be sent is lost, as on any network
    messages += sent;
    count -= sent;
  }
}

static void from_clients(void) {
  int count = receive(listener, 0, 0), run = 0;
  struct client *held = NULL;  // packets run..i are for its relay
  for (int i = 0; i < count; i++) {
    uint8_t *bytes = batch.bytes[i];
    size_t length = batch.messages[i].msg_len;
    bool request = stun_valid(bytes, length);
    struct client *c = client_at(batch.addresses[i], request);
    bool data = c && c->relay > 0 && length >= CHANNEL_HEADER && (bytes[0] << 8 | bytes[1]) == c->channel;
    if (held && (c != held || !data)) {
      send_all(held->relay, batch.messages + run, i - run);
      held = NULL;
    }
    if (data) {
      if (!held) {
        held = c;
        run = i;
      }
      batch.parts[i] = (struct iovec){bytes + CHANNEL_HEADER, bytes[2] << 8 | bytes[3]};
      if (CHANNEL_HEADER + batch.parts[i].iov_len > length) batch.parts[i].iov_len = length - CHANNEL_HEADER;
      batch.addresses[i] = c->peer;
    } else if (c && request) {
      answer(c, bytes);
    }
  }
  if (held) send_all(held->relay, batch.messages + run, count - run);
}

// Adds what a relay has received to what waits in the batch for clients, and says how much waits.
static int from_peers(struct client *c, int waiting) {
  int count = c->relay == 0 ? 0 : receive(c->relay, waiting, CHANNEL_HEADER);
  for (int i = waiting; i < waiting + count; i++) {
    uint8_t *header = batch.bytes[i];
    int length = batch.messages[i].msg_len;
    header[0] = c->channel >> 8, header[1] = c->channel, header[2] = length >> 8, header[3] = length;
    batch.parts[i] = (struct iovec){header, length + CHANNEL_HEADER};
    batch.addresses[i] = c->address;
  }
  return count > 0 ? waiting + count : waiting;
}

int main(int argc, char **argv) {
  if (argc != 3) return fprintf(stderr, "usage: limit ADDRESS PORT\n"), 2;
  own = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
  if (inet_pton(AF_INET, argv[1], &own.sin_addr) != 1) return fprintf(stderr, "limit: not an IPv4 address\n"), 2;
  events = epoll_create1(0);
  listener = open_socket(own);
  watch(listener, LISTENER);
  for (;;) {
    struct epoll_event ready[EVENTS];
    int count = epoll_wait(events, ready, EVENTS, -1);
    if (count < 0 && errno != EINTR) fail("epoll_wait");
    int waiting = 0;
    for (int i = 0; i < count; i++) {
      bool full = waiting == BATCH || ready[i].data.fd == LISTENER;
      if (full && waiting > 0) {
        send_all(listener, batch.messages, waiting);
        waiting = 0;
      }
      if (ready[i].data.fd == LISTENER)
        from_clients();
      else
        waiting = from_peers(&clients[ready[i].data.fd], waiting);
    }
    if (waiting > 0) send_all(listener, batch.messages, waiting);
  }
}
