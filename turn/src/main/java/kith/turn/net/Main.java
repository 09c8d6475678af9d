package kith.turn.net;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import kith.turn.net.command.CommandLine;
import kith.turn.net.command.StandaloneServer;

/**
 * The server in one command: {@code java -cp kith-turn.jar kith.turn.net.Main --secret-file FILE}.
 */
public final class Main {
  private static final int BAD_COMMAND_LINE = 2;
  private static final int NOT_STARTED = 1;

  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    if (Arrays.asList(arguments).contains("--help")) {
      System.out.print(CommandLine.help());
      return;
    }
    CommandLine line;
    try {
      line = CommandLine.parse(Arrays.asList(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n--help tells what there is");
      System.exit(BAD_COMMAND_LINE);
      return;
    }
    try {
      StandaloneServer server = new StandaloneServer(line, System.out);
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "turn-close"));
      new CountDownLatch(1).await();
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(NOT_STARTED);
    }
  }
}
