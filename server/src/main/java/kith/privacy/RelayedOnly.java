package kith.privacy;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes the addresses of a device from what it tells of itself, but for those of its relay. What
 * cannot be read is removed, too: it may be an address to someone who reads more.
 */
public final class RelayedOnly {
  /**
   * {@code candidate-attribute} of type relay (RFC 8839, 5.1), as SDP or as a candidate alone.
   * Possessive: otherwise each extension would take some of the stack.
   */
  private static final Pattern RELAY_CANDIDATE =
      Pattern.compile(
          "((?:a=)?candidate:[A-Za-z0-9+/]{1,32} [0-9]{1,5} [A-Za-z0-9-]{1,32} [0-9]{1,10} "
              + "([0-9A-Fa-f:.]{2,45}) [0-9]{1,5} typ relay)((?: [^ ]++ [^ ]++)*+)");

  private static final Pattern RELATED = Pattern.compile(" raddr [^ ]+ rport [^ ]+");

  /** The extensions that browsers send; they hold no address. */
  private static final Set<String> EXTENSIONS =
      Set.of("tcptype", "generation", "ufrag", "network-id", "network-cost");

  /** Any line end that some reader of SDP takes for one (RFC 8866, 5 wants CRLF). */
  private static final Pattern LINE = Pattern.compile("([^\r\n]*)(\r\n|\r|\n|\\z)");

  /** What some reader of SDP skips, as Firefox does spaces about {@code =}. */
  private static final Pattern UNSEEN = Pattern.compile("[\\p{C}\\p{Z}]+");

  /** {@code media port} of a line that is not rejected (RFC 8866, 5.14). */
  private static final Pattern MEDIA_PORT = Pattern.compile("(m=[^ ]+) [1-9][0-9]*(/[0-9]+)?( .*)");

  private static final Pattern ORIGIN =
      Pattern.compile("(o=[^ ]+ [0-9]+ [0-9]+ IN) IP[46] [^ ]+ *");

  private RelayedOnly() {}

  /**
   * A candidate without the address behind its relay; empty if it is none of a relay.
   *
   * @param candidate as in {@code RTCIceCandidateInit.candidate}; the empty one, which ends a
   *     generation of candidates (W3C WebRTC 4.8.1.1), stays
   */
  public static Optional<String> candidate(String candidate) {
    if (candidate.isEmpty()) {
      return Optional.of(candidate);
    }
    Matcher relay = RELAY_CANDIDATE.matcher(candidate);
    return relay.matches()
        ? Optional.of(relay.group(1) + extensions(relay.group(2), relay.group(3)))
        : Optional.empty();
  }

  /** RFC 8839, 5.1: who hides the related address writes the unspecified one, and port 9. */
  private static String extensions(String address, String all) {
    var kept = new StringBuilder();
    if (RELATED.matcher(all).lookingAt()) {
      kept.append(" raddr ").append(address.contains(":") ? "::" : "0.0.0.0").append(" rport 9");
    }
    String[] words = all.isEmpty() ? new String[0] : all.substring(1).split(" ", -1);
    for (int i = 0; i < words.length; i += 2) {
      if (EXTENSIONS.contains(words[i])) {
        kept.append(' ').append(words[i]).append(' ').append(words[i + 1]);
      }
    }
    return kept.toString();
  }

  /** A session description (RFC 8866) with no address in it but those of relays. */
  public static String description(String sdp) {
    var kept = new StringBuilder(sdp.length());
    Matcher line = LINE.matcher(sdp);
    while (line.find() && line.start() < sdp.length()) {
      line(line.group(1)).ifPresent(text -> kept.append(text).append(line.group(2)));
    }
    return kept.toString();
  }

  private static Optional<String> line(String line) {
    String name = UNSEEN.matcher(line).replaceAll("").toLowerCase(Locale.ROOT);
    if (name.startsWith("a=candidate")) {
      return candidate(line);
    }
    // RFC 8839, 5.2: the addresses that the two use now.
    if (name.startsWith("a=remote-candidates")) {
      return Optional.empty();
    }
    if (name.startsWith("c=")) {
      return Optional.of("c=IN IP4 0.0.0.0");
    }
    if (name.startsWith("o=")) {
      Matcher origin = ORIGIN.matcher(line);
      return Optional.of(
          origin.matches() ? origin.group(1) + " IP4 0.0.0.0" : "o=- 0 0 IN IP4 0.0.0.0");
    }
    // RFC 3605; not a=rtcp-mux and its kind.
    if (name.startsWith("a=rtcp:")) {
      return Optional.of("a=rtcp:9 IN IP4 0.0.0.0");
    }
    Matcher media = MEDIA_PORT.matcher(line);
    return Optional.of(media.matches() ? media.group(1) + " 9" + media.group(3) : line);
  }
}
