package kith.turn.net.command;

import java.util.List;

/** Who may use the server. What is in a file is not seen by others of this machine, in ps. */
final class CredentialOptions {
  static final List<Option> ALL =
      List.of(
          new Option(
              "--realm",
              "REALM",
              "of the credentials (turn)",
              (draft, text) -> draft.change(options -> options.withRealm(text))),
          new Option(
              "--secret-file",
              "FILE",
              "secrets of time-limited credentials, one a line; all are good",
              (draft, text) -> draft.secrets.addAll(Values.lines(text))),
          new Option(
              "--secret",
              "SECRET",
              "one on the command line, where ps shows it; once for each",
              CredentialOptions::secret),
          new Option(
              "--user-file",
              "FILE",
              "static users, NAME:PASSWORD a line",
              (draft, text) -> Values.lines(text).forEach(line -> user(draft, line))),
          new Option(
              "--user",
              "NAME:PASSWORD",
              "one on the command line; once for each",
              CredentialOptions::user));

  private CredentialOptions() {}

  private static void secret(Draft draft, String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a secret must not be empty");
    }
    draft.secrets.add(text);
  }

  private static void user(Draft draft, String text) {
    String[] parts = Values.parts(text, ":", 2, "a name and a password: NAME:PASSWORD");
    draft.users.put(parts[0], parts[1]);
  }
}
