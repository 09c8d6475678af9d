package kith.auth;

/** Someone with an account. */
public record User(UserId id, String username, String displayName) {}
