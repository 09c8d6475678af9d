package kith.turn.net;

import java.io.IOException;

/** The engine that was asked for by name does not work on this machine, and why. */
public final class EngineUnusable extends IOException {
  EngineUnusable(EngineKind kind, IOException because) {
    super("the engine " + kind.option() + " does not work: " + because.getMessage(), because);
  }
}
