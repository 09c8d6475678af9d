package kith.call;

import kith.auth.UserId;

/** A device of a user: where a message goes, and where one came from. */
public record Endpoint(UserId user, DeviceId device) {}
