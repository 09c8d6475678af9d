package kith.call;

/** What one side sends now. */
public record MediaState(boolean audio, boolean video, boolean screen) {}
