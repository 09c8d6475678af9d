package kith.bench.signaling;

/** CPU time of a process, nanoseconds. */
record CpuTime(long user, long system) {
  /** The kernel counts in hundredths of a second for user space, whatever it counts in itself. */
  private static final long NANOS_PER_TICK = 10_000_000;

  private static final int UTIME = 14;
  private static final int STIME = 15;

  /**
   * Reads the line in /proc/PID/stat.
   *
   * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
   */
  static CpuTime parse(String stat) {
    // The second field, in parentheses, may hold anything, spaces and parentheses too.
    int fieldsBefore = 2;
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return new CpuTime(
        Long.parseLong(fields[UTIME - fieldsBefore - 1]) * NANOS_PER_TICK,
        Long.parseLong(fields[STIME - fieldsBefore - 1]) * NANOS_PER_TICK);
  }

  long total() {
    return user + system;
  }

  CpuTime since(CpuTime earlier) {
    return new CpuTime(user - earlier.user, system - earlier.system);
  }
}
