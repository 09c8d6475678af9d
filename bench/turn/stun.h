// The little of STUN and TURN that a client needs to be given a relay (RFC 8489, RFC 8656), IPv4 only.
#pragma once
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Message types: method and class together (RFC 8489 section 5, RFC 8656 section 17).
enum {
  ALLOCATE = 0x0003,
  REFRESH = 0x0004,
  CHANNEL_BIND = 0x0009,
  SUCCESS = 0x0100,  // or-ed to a method
  ERROR = 0x0110,
};

// Attribute types (RFC 8489 section 18.3, RFC 8656 section 18).
enum {
  USERNAME = 0x0006,
  MESSAGE_INTEGRITY = 0x0008,
  ERROR_CODE = 0x0009,
  CHANNEL_NUMBER = 0x000C,
  LIFETIME = 0x000D,
  XOR_PEER_ADDRESS = 0x0012,
  REALM = 0x0014,
  NONCE = 0x0015,
  XOR_RELAYED_ADDRESS = 0x0016,
  REQUESTED_TRANSPORT = 0x0019,
  XOR_MAPPED_ADDRESS = 0x0020,
};

enum { STUN_HEADER = 20, TRANSACTION_ID = 12, KEY = 16 };

struct message {
  uint8_t bytes[1024];
  int length;
};

void stun_begin(struct message *m, int type, const uint8_t transaction[TRANSACTION_ID]);
void stun_add(struct message *m, int attribute, const void *value, int length);
void stun_add_u32(struct message *m, int attribute, uint32_t value);
void stun_add_address(struct message *m, int attribute, struct sockaddr_in address);
// Long-term credentials, last of all (RFC 8489 section 14.5).
void stun_sign(struct message *m, const uint8_t key[KEY]);

// Is this a whole STUN message?
bool stun_valid(const uint8_t *bytes, size_t length);
int stun_type(const uint8_t *bytes);
// The value of an attribute of a valid message, or NULL.
const uint8_t *stun_find(const uint8_t *bytes, int attribute, int *length);
bool stun_address(const uint8_t *bytes, int attribute, struct sockaddr_in *address);
// The error code of an error response, 0 if it has none.
int stun_error(const uint8_t *bytes);

// The password of a time-limited username is base64(HMAC-SHA1(secret, username)); its long-term key is
// MD5(username:realm:password) (RFC 8489 section 9.2.2).
void time_limited_key(const char *secret, const char *username, const char *realm, uint8_t key[KEY]);
