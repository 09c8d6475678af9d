package kith.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kith.database.Database;
import kith.database.DatabaseKind;
import kith.signaling.CallVector.Edge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the calls of protocol/vectors/calls, which the app runs too, on the server's side. */
class CallVectorsTest {
  private static final Path TABLE = Path.of("src/test/java/kith/call/call-table.txt");

  /** A line of the table: who does what, the answer, the state after it, and who is told what. */
  private static final Pattern ROW = Pattern.compile("(.{44}) .{14} -> ([^:]*)(:.*)?");

  /** What no client does, so that no vector can tell it. */
  private static final Set<String> NOT_TOLD = Set.of("the server fails");

  @TempDir Path folder;

  static Stream<String> vectors() throws IOException {
    return CallVector.files().stream();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void goesAsTheVectorTells(String file) throws IOException {
    try (Database database = DatabaseKind.SQLITE.open(folder)) {
      new CallVector(file, database).play();
    }
  }

  @Test
  void togetherTheyGoOverEveryEdgeOfTheMachine() throws IOException {
    Set<String> reached = new TreeSet<>();
    try (Database database = DatabaseKind.SQLITE.open(folder)) {
      for (String file : CallVector.files()) {
        database.write(handle -> handle.execute("DELETE FROM calls"));
        new CallVector(file, database).play().forEach(edge -> reached.add(edge.toString()));
      }
    }
    Set<Edge> edges = edgesOfTheTable();
    assertTrue(edges.size() > 50, "the table is read wrong: " + edges);
    Set<String> missing =
        edges.stream()
            .filter(edge -> !NOT_TOLD.contains(edge.event()))
            .map(Edge::toString)
            .filter(edge -> !reached.contains(edge))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), missing);
  }

  /** Where the call changes, or someone is told something. */
  private static Set<Edge> edgesOfTheTable() throws IOException {
    Set<Edge> edges = new LinkedHashSet<>();
    String from = "";
    for (String line : Files.readAllLines(TABLE)) {
      Matcher row = ROW.matcher(line);
      if (line.startsWith("## ")) {
        from = line.substring(3).replaceAll(",.*", "");
      } else if (row.matches()) {
        String to = row.group(2).replace("(as the other call) ", "").strip();
        if (!to.split(" ", 2)[0].equals(from) || row.group(3) != null) {
          edges.add(new Edge(from, event(row.group(1).strip()), to));
        }
      }
    }
    return edges;
  }

  private static String event(String what) {
    return what.replaceFirst("^\\w+'s (phone|laptop) ", "")
        .replaceFirst("^(calls the other, .*|calls dave|offers the same)$", "offers")
        .replaceFirst("^(\\d+ s have passed|nothing happens)$", "time")
        .replaceFirst("^\\w+ leaves the circle$", "leaves the circle")
        .replaceFirst("^goes on$", "holds")
        .replaceFirst("^is free again$", "resumes")
        .replaceFirst("^bob's other call is over$", CallVector.ALONE);
  }
}
