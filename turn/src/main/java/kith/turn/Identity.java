package kith.turn;

import kith.turn.stun.Integrity;

/**
 * Who a request proved to come from.
 *
 * @param username as sent (RFC 8656 §5: later requests must carry the same)
 * @param user who stands behind it: quotas count by this
 * @param key the long-term key the request was signed with; replies are signed with it too
 * @param integrity which integrity attribute replies to it are signed with
 */
record Identity(String username, String user, byte[] key, Integrity integrity) {}
