#include "stun.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

static const uint32_t MAGIC_COOKIE = 0x2112A442;

static void put16(uint8_t *at, int value) {
  at[0] = value >> 8;
  at[1] = value;
}

static int get16(const uint8_t *at) { return at[0] << 8 | at[1]; }

static int padded(int length) { return (length + 3) & ~3; }

void stun_begin(struct message *m, int type, const uint8_t transaction[TRANSACTION_ID]) {
  uint32_t cookie = htonl(MAGIC_COOKIE);
  put16(m->bytes, type);
  put16(m->bytes + 2, 0);
  memcpy(m->bytes + 4, &cookie, 4);
  memcpy(m->bytes + 8, transaction, TRANSACTION_ID);
  m->length = STUN_HEADER;
}

void stun_add(struct message *m, int attribute, const void *value, int length) {
  uint8_t *at = m->bytes + m->length;
  put16(at, attribute);
  put16(at + 2, length);
  memset(at + 4, 0, padded(length));
  memcpy(at + 4, value, length);
  m->length += 4 + padded(length);
  put16(m->bytes + 2, m->length - STUN_HEADER);
}

void stun_add_u32(struct message *m, int attribute, uint32_t value) {
  uint32_t big = htonl(value);
  stun_add(m, attribute, &big, 4);
}

void stun_add_address(struct message *m, int attribute, struct sockaddr_in address) {
  uint8_t value[8] = {0, 1};
  uint32_t ip = address.sin_addr.s_addr ^ htonl(MAGIC_COOKIE);
  put16(value + 2, ntohs(address.sin_port) ^ (MAGIC_COOKIE >> 16));
  memcpy(value + 4, &ip, 4);
  stun_add(m, attribute, value, 8);
}

void stun_sign(struct message *m, const uint8_t key[KEY]) {
  uint8_t mac[20];
  unsigned length;
  put16(m->bytes + 2, m->length - STUN_HEADER + 24);  // the HMAC is over a length that counts itself
  HMAC(EVP_sha1(), key, KEY, m->bytes, m->length, mac, &length);
  stun_add(m, MESSAGE_INTEGRITY, mac, 20);
}

bool stun_valid(const uint8_t *bytes, size_t length) {
  uint32_t cookie = htonl(MAGIC_COOKIE);
  return length >= STUN_HEADER && (bytes[0] & 0xC0) == 0 && memcmp(bytes + 4, &cookie, 4) == 0 &&
         (size_t)get16(bytes + 2) + STUN_HEADER == length;
}

int stun_type(const uint8_t *bytes) { return get16(bytes); }

const uint8_t *stun_find(const uint8_t *bytes, int attribute, int *length) {
  int end = STUN_HEADER + get16(bytes + 2);
  for (int at = STUN_HEADER; at + 4 <= end; at += 4 + padded(get16(bytes + at + 2))) {
    *length = get16(bytes + at + 2);
    if (at + 4 + *length > end) return NULL;
    if (get16(bytes + at) == attribute) return bytes + at + 4;
  }
  return NULL;
}

bool stun_address(const uint8_t *bytes, int attribute, struct sockaddr_in *address) {
  int length;
  const uint8_t *value = stun_find(bytes, attribute, &length);
  if (!value || length != 8 || value[1] != 1) return false;
  uint32_t ip;
  memcpy(&ip, value + 4, 4);
  *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(get16(value + 2) ^ (MAGIC_COOKIE >> 16))};
  address->sin_addr.s_addr = ip ^ htonl(MAGIC_COOKIE);
  return true;
}

int stun_error(const uint8_t *bytes) {
  int length;
  const uint8_t *value = stun_find(bytes, ERROR_CODE, &length);
  return value && length >= 4 ? (value[2] & 7) * 100 + value[3] : 0;
}

void time_limited_key(const char *secret, const char *username, const char *realm, uint8_t key[KEY]) {
  uint8_t mac[20];
  unsigned length;
  char password[32], all[512];
  HMAC(EVP_sha1(), secret, strlen(secret), (const uint8_t *)username, strlen(username), mac, &length);
  EVP_EncodeBlock((uint8_t *)password, mac, sizeof mac);
  int n = snprintf(all, sizeof all, "%s:%s:%s", username, realm, password);
  EVP_Digest(all, n, key, &length, EVP_md5(), NULL);
}
