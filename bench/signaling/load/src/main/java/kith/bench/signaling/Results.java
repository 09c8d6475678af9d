package kith.bench.signaling;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** What was measured, a value a round, and the table of it. */
final class Results {
  /** Kith over Node, at most. */
  private static final Map<Figure, Double> TARGETS =
      new EnumMap<>(
          Map.of(
              Figure.CPU_MICROS, 0.45,
              Figure.P99_MILLIS, 1.0,
              Figure.BYTES_PER_IDLE_SOCKET, 0.5));

  /** Figures whose ratio to Node's stands in the table too. */
  private static final Set<Figure> COMPARED =
      EnumSet.of(
          Figure.CPU_MICROS,
          Figure.CPU_MICROS_AT_RATE,
          Figure.P99_MILLIS,
          Figure.BYTES_PER_IDLE_SOCKET,
          Figure.MEGABYTES_IDLE);

  /** What a saturated server uses at least of a core that is its own. */
  private static final double BUSY = 0.85;

  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, Map<Figure, List<Double>>> values = new LinkedHashMap<>();

  void name(Contestant server, String name) {
    names.put(server.key(), name);
  }

  void add(Contestant server, Figure figure, double value) {
    values
        .computeIfAbsent(server.key(), key -> new EnumMap<>(Figure.class))
        .computeIfAbsent(figure, f -> new ArrayList<>())
        .add(value);
  }

  private List<Double> of(String server, Figure figure) {
    return values.getOrDefault(server, Map.of()).getOrDefault(figure, List.of());
  }

  /** A Markdown table: median, and smallest to largest, of the rounds. */
  String table() {
    StringBuilder table = new StringBuilder("| |");
    names.values().forEach(name -> table.append(' ').append(name).append(" |"));
    table.append("\n| --- |").append(" ---: |".repeat(names.size())).append('\n');
    for (Figure figure : Figure.values()) {
      if (names.keySet().stream().allMatch(server -> of(server, figure).isEmpty())) {
        continue;
      }
      row(table, figure.title, server -> spread(of(server, figure), figure.decimals));
      if (COMPARED.contains(figure) && names.containsKey(Contestant.NODE)) {
        row(table, "... over Node's", server -> spread(overNode(server, figure), 2));
      }
    }
    return table.toString();
  }

  private interface Cell {
    String of(String server);
  }

  private void row(StringBuilder table, String title, Cell cell) {
    table.append("| ").append(title).append(" |");
    names.keySet().forEach(server -> table.append(' ').append(cell.of(server)).append(" |"));
    table.append('\n');
  }

  /** Round by round, each against Node's figure of the same round. */
  private List<Double> overNode(String server, Figure figure) {
    List<Double> own = of(server, figure);
    List<Double> node = of(Contestant.NODE, figure);
    IntToDoubleFunction ratio = round -> own.get(round) / node.get(round);
    return IntStream.range(0, Math.min(own.size(), node.size()))
        .mapToDouble(ratio)
        .boxed()
        .toList();
  }

  /** One line a target, when Kith and Node were measured. */
  String targets() {
    StringBuilder lines = new StringBuilder();
    for (var target : TARGETS.entrySet()) {
      List<Double> ratios = overNode(Contestant.KITH, target.getKey());
      if (!ratios.isEmpty()) {
        double ratio = median(ratios);
        lines.append(
            String.format(
                Locale.ROOT,
                "- %s: %.2f of Node's, target at most %.2f: %s%n",
                target.getKey().title,
                ratio,
                target.getValue(),
                ratio <= target.getValue() ? "met" : "missed"));
      }
    }
    return lines.toString();
  }

  /** What makes the figures doubtful. */
  List<String> warnings() {
    return names.keySet().stream()
        .filter(server -> of(server, Figure.SERVER_CORES).stream().anyMatch(n -> n < BUSY))
        .map(
            server ->
                server
                    + " did not get its core to itself: another program was at work."
                    + " Distrust p50, p99 and messages per second; the rest is rough")
        .toList();
  }

  private static String spread(List<Double> rounds, int decimals) {
    if (rounds.isEmpty()) {
      return "-";
    }
    String median = format(median(rounds), decimals);
    if (rounds.size() == 1) {
      return median;
    }
    double min = rounds.stream().mapToDouble(value -> value).min().orElseThrow();
    double max = rounds.stream().mapToDouble(value -> value).max().orElseThrow();
    return median + " (" + format(min, decimals) + "-" + format(max, decimals) + ")";
  }

  private static String format(double value, int decimals) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  private static double median(List<Double> rounds) {
    List<Double> sorted = rounds.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
