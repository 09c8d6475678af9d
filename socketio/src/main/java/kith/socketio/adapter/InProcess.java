package kith.socketio.adapter;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The servers of one process that share this object are one cluster. The default: a cluster of one.
 */
public final class InProcess implements Adapter.Factory {
  private final Map<String, List<Adapter.Node>> nodes = new ConcurrentHashMap<>();

  @Override
  public Adapter join(String namespace, Adapter.Node node) {
    List<Adapter.Node> all = nodes.computeIfAbsent(namespace, n -> new CopyOnWriteArrayList<>());
    all.add(node);
    return new Membership(all, node);
  }

  private record Membership(List<Adapter.Node> all, Adapter.Node own) implements Adapter {
    @Override
    public void publish(Command command) {
      for (Adapter.Node node : all) {
        node.apply(command);
      }
    }

    @Override
    public CompletionStage<Set<String>> present(Target target) {
      Set<String> ids = new LinkedHashSet<>();
      all.forEach(node -> ids.addAll(node.present(target)));
      return CompletableFuture.completedFuture(ids);
    }

    @Override
    public void close() {
      all.remove(own);
    }
  }
}
