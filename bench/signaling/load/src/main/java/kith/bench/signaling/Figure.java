package kith.bench.signaling;

/** What is measured, as the table names it. */
enum Figure {
  CPU_MICROS("CPU per message, saturated (µs)", 1),
  KERNEL_MICROS("of it in the kernel (µs)", 1),
  MESSAGES_PER_SECOND("messages per second, saturated", 0),
  SERVER_CORES("cores the server used, saturated", 2),
  LOAD_CPU_MICROS("the load's own CPU per message (µs)", 1),
  CPU_MICROS_AT_RATE("CPU per message at the fixed rate (µs)", 1),
  P50_MILLIS("p50 at the fixed rate (ms)", 2),
  P99_MILLIS("p99 at the fixed rate (ms)", 2),
  BYTES_PER_IDLE_SOCKET("resident bytes per idle socket", 0),
  MEGABYTES_BEFORE("resident before, no sockets (MB)", 0),
  MEGABYTES_IDLE("resident with all idle sockets (MB)", 0);

  final String title;
  final int decimals;

  Figure(String title, int decimals) {
    this.title = title;
    this.decimals = decimals;
  }
}
