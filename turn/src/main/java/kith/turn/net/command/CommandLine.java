package kith.turn.net.command;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kith.turn.net.TurnOptions;

/**
 * What the command line asks for.
 *
 * @param drain how long SIGTERM waits for the last allocation to end
 * @param drainAllocations how many it does not wait for
 * @param metricsPort where on 127.0.0.1 metrics are to be read; 0 for any free port
 * @param logsAllocations whether each allocation that is made or ends gets a line
 */
public record CommandLine(
    TurnOptions options,
    Duration drain,
    int drainAllocations,
    OptionalInt metricsPort,
    boolean logsAllocations) {

  private record Topic(String title, List<Option> options) {}

  private static final List<Topic> TOPICS =
      List.of(
          new Topic("addresses and ports", AddressOptions.ALL),
          new Topic("who may use it", CredentialOptions.ALL),
          new Topic("what they may do", RelayOptions.ALL),
          new Topic("how much", LimitOptions.ALL),
          new Topic("running it", OperationOptions.ALL));

  private static final Map<String, Option> BY_NAME =
      TOPICS.stream()
          .flatMap(topic -> topic.options().stream())
          .collect(Collectors.toMap(Option::name, Function.identity()));

  /** What {@code --help} prints. */
  public static String help() {
    return "usage: turn [option [value]]...\n"
        + TOPICS.stream()
            .flatMap(
                topic ->
                    Stream.concat(
                        Stream.of("\n" + topic.title() + ":"),
                        topic.options().stream().map(Option::help)))
            .collect(Collectors.joining("\n"))
        + "\n";
  }

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException naming the option and what is wrong with it
   */
  public static CommandLine parse(List<String> arguments) {
    Draft draft = new Draft();
    for (Iterator<String> words = arguments.iterator(); words.hasNext(); ) {
      String name = words.next();
      Option option = BY_NAME.get(name);
      if (option == null) {
        throw new IllegalArgumentException("unknown option " + name);
      }
      if (option.hasValue() && !words.hasNext()) {
        throw new IllegalArgumentException(name + ": needs a value, " + option.value());
      }
      option.apply(draft, option.hasValue() ? words.next() : "");
    }
    return draft.finished();
  }
}
