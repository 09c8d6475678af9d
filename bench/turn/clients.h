// TURN clients by the thousand: each has an IP address, an allocation and a channel of its own.
//
// All UDP clients share one socket, and all peers another: the addresses of both are whole ranges that are local to the
// load's side, and each packet names its own by IP_PKTINFO. So packets of any clients go out in one sendmmsg, which keeps the load
// cheaper than what it measures, while a server sees as many clients as there are.
#pragma once
#include <netinet/in.h>
#include <stdint.h>

#include "stun.h"

enum transport { UDP, TCP };

enum { STREAM = 4096, CHANNEL_HEADER = 4 };

// Bytes of a TCP connection that are not whole yet, or that could not be sent at once.
struct bytes {
  uint8_t *at;
  int length;
};

enum step { IDLE, ALLOCATING, BINDING, READY, RELEASING };

struct client {
  struct sockaddr_in address, peer, relayed;
  uint16_t channel;
  enum step step;
  uint8_t transaction[TRANSACTION_ID];
  uint8_t key[KEY];  // with credentials if nonce_length > 0
  char username[32];
  uint8_t nonce[256];
  int nonce_length, challenged;
  uint64_t asked, began;  // ns: the last try, and the first
  int connection;         // TCP only
  struct bytes unread, unsent;
};

struct settings {
  struct sockaddr_in server;
  uint32_t client_range, peer_range;  // host order: the first address of each
  int allocations;
  int patience;  // seconds that one client's requests may take
  enum transport transport;
  const char *secret;
};

extern struct settings settings;
extern struct client *clients;
extern int client_socket, peer_socket, connections;  // connections: an epoll of the TCP ones

uint64_t now_ns(void);
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

// Opens the sockets, at ports not used a moment ago; over TCP, connects every client.
void open_clients(void);
void close_clients(void);
// Gives every client an allocation, and binds its channel if `bind`.
void allocate(bool bind);
// Gives every allocation back.
void release(void);
// Which client has this address? -1 if none.
int client_index(uint32_t address_host_order);
// Over TCP: writes all of it, or keeps what the socket does not take. False if there is still unsent from before.
bool write_stream(struct client *c, const void *bytes, int length);
// Over TCP: reads what there is, and calls `take` with each whole ChannelData or STUN message.
void read_stream(int index, void (*take)(int index, uint8_t *bytes, int length));
