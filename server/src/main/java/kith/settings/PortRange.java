package kith.settings;

/** UDP or TCP ports from first to last, both included. */
public record PortRange(int first, int last) {
  public PortRange {
    if (first < 1 || last > 65535 || first > last) {
      throw new IllegalArgumentException("no port range: " + first + "-" + last);
    }
  }

  public int size() {
    return last - first + 1;
  }
}
