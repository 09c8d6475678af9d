package kith.socketio.adapter;

import java.util.Set;
import java.util.concurrent.CompletionStage;

/** One node's place in one namespace of a cluster. From any thread. */
public interface Adapter {
  /**
   * Has every node apply a command, this one too: this node by {@link Node#apply} before the call
   * returns, the others in the order in which this node published.
   */
  void publish(Command command);

  /** The ids of the sockets that are meant, on all nodes: who is present. */
  CompletionStage<Set<String>> present(Target target);

  /** Leaves the cluster. */
  void close();

  /** What a node does for the cluster. */
  interface Node {
    /** Applies a command to this node's sockets. */
    void apply(Command command);

    /** The ids of this node's sockets that are meant. */
    Set<String> present(Target target);
  }

  /** Joins nodes to namespaces. */
  @FunctionalInterface
  interface Factory {
    Adapter join(String namespace, Node node);
  }
}
