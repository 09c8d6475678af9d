package kith.turn.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * An io_uring (io_uring(7)): a queue of what the kernel is to do, and one of what it has done, in
 * memory shared with it. Made by any thread; the first that calls {@link #enter} owns it.
 */
final class Ring {
  static final int OP_SENDMSG = 9;
  static final int OP_RECVMSG = 10;
  static final int OP_POLL_ADD = 6;
  static final int OP_ASYNC_CANCEL = 14;
  static final int OP_SEND = 26;

  static final int BUFFER_SELECT = 1 << 5;
  static final int SKIP_SUCCESS = 1 << 6;
  static final int MULTISHOT_RECEIVE = 1 << 1;
  static final int MULTISHOT_POLL = 1;
  static final int CANCEL_ALL = 1;
  static final int CANCEL_ANY = 1 << 2;
  static final int HAS_BUFFER = 1;
  static final int MORE = 1 << 1;
  static final int BUFFER_SHIFT = 16;

  // The fields of a submission (struct io_uring_sqe).
  static final int OPCODE = 0;
  static final int FLAGS = 1;
  static final int IOPRIO = 2;
  static final int FD = 4;
  static final int ADDR2 = 8;
  static final int ADDR = 16;
  static final int LEN = 24;
  static final int OP_FLAGS = 28;
  static final int USER_DATA = 32;
  static final int BUFFER_GROUP = 40;
  static final int ADDR_LEN = 44;

  private static final int SETUP = 425;
  private static final int ENTER = 426;
  private static final int REGISTER = 427;
  private static final int SETUP_CQSIZE = 1 << 3;
  private static final int SETUP_R_DISABLED = 1 << 6;
  private static final int SETUP_SUBMIT_ALL = 1 << 7;
  private static final int SETUP_SINGLE_ISSUER = 1 << 12;
  private static final int SETUP_DEFER_TASKRUN = 1 << 13;
  private static final int FEATURE_SINGLE_MAPPING = 1;
  private static final int FEATURE_NODROP = 1 << 1;
  private static final int FEATURE_EXT_ARG = 1 << 8;
  private static final int FEATURE_MIN_TIMEOUT = 1 << 15;
  private static final int ENTER_GETEVENTS = 1;
  private static final int ENTER_EXT_ARG = 1 << 3;
  private static final int REGISTER_ENABLE_RINGS = 12;
  private static final int REGISTER_BUFFER_RING = 22;
  private static final long AT_SUBMISSIONS = 0x10000000L;
  private static final int SUBMISSION = 64;
  private static final int MOST_TRIES = 1_000;
  private static final int COMPLETION = 16;
  private static final int BUFFER = 16;
  private static final int BUFFER_TAIL = 14;
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;
  private static final int EINVAL = 22;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle INT = JAVA_INT.varHandle();
  private static final VarHandle SHORT = JAVA_SHORT.varHandle();
  private static final FunctionDescriptor SYSCALL =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG);
  // Called for every batch, so without errno: to capture it makes an object per call.
  private static final MethodHandle ENTERING =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("syscall"),
          SYSCALL,
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle ASKING =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("syscall"),
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(1),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle SETTING_UP =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("syscall"),
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS),
          Linker.Option.firstVariadicArg(1),
          Linker.Option.captureCallState("errno"));

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment state = arena.allocate(STATE);
  private final MemorySegment waiting = arena.allocate(24, 8);
  private final MemorySegment timeout = arena.allocate(16, 8);
  private final int fd;
  private final Mapping queues;
  private final Mapping submissions;
  private final MemorySegment memory;
  private final MemorySegment entries;
  private final int submissionHead;
  private final int submissionTail;
  private final int submissionMask;
  private final int submissionCount;
  private final int completionHead;
  private final int completionTail;
  private final int completionMask;
  private final int completions;
  private final boolean gathers;
  private boolean enabled;
  private int tail;

  /**
   * @param size how many submissions fit
   * @param completionSize how many completions fit
   * @throws IOException saying why this kernel, or a filter around this process, has none
   */
  Ring(int size, int completionSize) throws IOException {
    MemorySegment parameters = arena.allocate(120, 8);
    parameters.set(JAVA_INT, 4, completionSize);
    parameters.set(
        JAVA_INT,
        8,
        SETUP_CQSIZE
            | SETUP_R_DISABLED
            | SETUP_SUBMIT_ALL
            | SETUP_SINGLE_ISSUER
            | SETUP_DEFER_TASKRUN);
    fd = setup(size, parameters);
    try {
      int features = parameters.get(JAVA_INT, 20);
      if ((features & FEATURE_SINGLE_MAPPING) == 0
          || (features & FEATURE_NODROP) == 0
          || (features & FEATURE_EXT_ARG) == 0) {
        throw new IOException("this kernel's io_uring is too old");
      }
      gathers = (features & FEATURE_MIN_TIMEOUT) != 0;
      submissionCount = parameters.get(JAVA_INT, 0);
      int completionCount = parameters.get(JAVA_INT, 4);
      submissionHead = parameters.get(JAVA_INT, 40);
      submissionTail = parameters.get(JAVA_INT, 44);
      int array = parameters.get(JAVA_INT, 64);
      completionHead = parameters.get(JAVA_INT, 80);
      completionTail = parameters.get(JAVA_INT, 84);
      completions = parameters.get(JAVA_INT, 100);
      submissionMask = submissionCount - 1;
      completionMask = completionCount - 1;
      long bytes =
          Math.max(array + submissionCount * 4L, completions + (long) completionCount * COMPLETION);
      queues = Mapping.ofFile(fd, 0, bytes);
      memory = queues.memory();
      submissions = Mapping.ofFile(fd, AT_SUBMISSIONS, (long) submissionCount * SUBMISSION);
      entries = submissions.memory();
      for (int i = 0; i < submissionCount; i++) {
        memory.set(JAVA_INT, array + 4L * i, i);
      }
    } catch (IOException | RuntimeException e) {
      Libc.close(fd);
      throw e;
    }
  }

  private int setup(int size, MemorySegment parameters) throws IOException {
    try {
      long made = (long) SETTING_UP.invokeExact(state, (long) SETUP, size, parameters);
      if (made >= 0) {
        return (int) made;
      }
    } catch (Throwable e) {
      throw Libc.impossible(e);
    }
    int errno = Libc.errno(state);
    throw new IOException(
        switch (errno) {
          case ENOSYS -> "this kernel has no io_uring, or a filter hides it";
          case EPERM ->
              "io_uring is forbidden here (kernel.io_uring_disabled, or a container's filter)";
          case EINVAL -> "this kernel's io_uring is too old: Linux 6.1 is needed";
          default -> "io_uring_setup: errno " + errno;
        });
  }

  private void register(int operation, MemorySegment argument, int count) throws IOException {
    try {
      long done =
          (long)
              ASKING.invokeExact(
                  state, (long) REGISTER, fd, MemorySegment.ofAddress(operation), argument, count);
      if (done < 0) {
        throw new IOException("io_uring_register " + operation + ": errno " + Libc.errno(state));
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.impossible(e);
    }
  }

  /** Whether a wait can let completions gather for a moment: since Linux 6.12. */
  boolean gathers() {
    return gathers;
  }

  // Buffers that the kernel chooses from

  /** Registers the memory of a ring of buffers as this group. */
  void buffers(MemorySegment ring, int count, int group) throws IOException {
    MemorySegment request = arena.allocate(40, 8);
    request.set(JAVA_LONG, 0, ring.address());
    request.set(JAVA_INT, 8, count);
    request.set(JAVA_SHORT, 12, (short) group);
    register(REGISTER_BUFFER_RING, request, 1);
  }

  static long sizeOfBuffers(int count) {
    return (long) count * BUFFER;
  }

  /** Writes one entry of a ring of buffers, for {@link #offer}. */
  static void buffer(MemorySegment ring, int at, long address, int length, int id) {
    long entry = (long) at * BUFFER;
    ring.set(JAVA_LONG, entry, address);
    ring.set(JAVA_INT, entry + 8, length);
    ring.set(JAVA_SHORT, entry + 12, (short) id);
  }

  /** Gives the kernel all entries before this one. */
  static void offer(MemorySegment ring, int end) {
    SHORT.setRelease(ring, (long) BUFFER_TAIL, (short) end);
  }

  // Submissions

  boolean isFull() {
    return tail - submitted() == submissionCount;
  }

  private int submitted() {
    return (int) INT.getAcquire(memory, (long) submissionHead);
  }

  /** Room for a submission, all zeros but for these; its fields are set with the setters below. */
  long submission(int opcode, int flags, int descriptor, long userData) {
    long at = (long) (tail++ & submissionMask) * SUBMISSION;
    for (int i = 0; i < SUBMISSION; i += 8) {
      entries.set(JAVA_LONG, at + i, 0);
    }
    entries.set(JAVA_BYTE, at + OPCODE, (byte) opcode);
    entries.set(JAVA_BYTE, at + FLAGS, (byte) flags);
    entries.set(JAVA_INT, at + FD, descriptor);
    entries.set(JAVA_LONG, at + USER_DATA, userData);
    return at;
  }

  void set(long submission, int field, long value) {
    entries.set(JAVA_LONG, submission + field, value);
  }

  void set(long submission, int field, int value) {
    entries.set(JAVA_INT, submission + field, value);
  }

  void set(long submission, int field, short value) {
    entries.set(JAVA_SHORT, submission + field, value);
  }

  /**
   * Submits, and waits.
   *
   * @param atLeast completions to wait for; 0 only submits
   * @param gatherNanos how long to wait for all of them; from then on one is enough
   * @param nanos how long to wait at most; 0 takes what is there already
   */
  void enter(int atLeast, long gatherNanos, long nanos) throws IOException {
    if (!enabled) {
      register(REGISTER_ENABLE_RINGS, MemorySegment.NULL, 0);
      enabled = true;
    }
    INT.setRelease(memory, (long) submissionTail, tail);
    int pending = tail - submitted();
    if (atLeast == 0) {
      call(pending, 0, 0, MemorySegment.NULL, 0);
      submitRest();
      return;
    }
    timeout.set(JAVA_LONG, 0, nanos / 1_000_000_000);
    timeout.set(JAVA_LONG, 8, nanos % 1_000_000_000);
    waiting.set(JAVA_INT, 12, gathers ? (int) (gatherNanos / 1_000) : 0);
    waiting.set(JAVA_LONG, 16, timeout.address());
    int flags = ENTER_GETEVENTS | ENTER_EXT_ARG;
    call(pending, nanos == 0 ? 0 : atLeast, flags, waiting, 24);
    submitRest();
  }

  /**
   * What the kernel had no memory for, or what a wait that was refused kept from being submitted.
   * Left to a later turn, it would be sent from memory that is used anew by then.
   */
  private void submitRest() throws IOException {
    for (int tries = 0; tail != submitted(); tries++) {
      if (tries == MOST_TRIES) {
        throw new IOException("the kernel takes nothing that is submitted");
      }
      call(tail - submitted(), 0, ENTER_GETEVENTS, MemorySegment.NULL, 0);
    }
  }

  /** What it returns says no more than the queues do: an error is a time that ran out. */
  private void call(int submit, int atLeast, int flags, MemorySegment argument, long size) {
    try {
      long ignored =
          (long) ENTERING.invokeExact((long) ENTER, fd, submit, atLeast, flags, argument, size);
    } catch (Throwable e) {
      throw Libc.impossible(e);
    }
  }

  // Completions

  int firstCompletion() {
    return memory.get(JAVA_INT, completionHead);
  }

  int endOfCompletions() {
    return (int) INT.getAcquire(memory, (long) completionTail);
  }

  private long completion(int number) {
    return completions + (long) (number & completionMask) * COMPLETION;
  }

  long userData(int completion) {
    return memory.get(JAVA_LONG, completion(completion));
  }

  /** What the call would have returned, or a negative errno. */
  int result(int completion) {
    return memory.get(JAVA_INT, completion(completion) + 8);
  }

  int flags(int completion) {
    return memory.get(JAVA_INT, completion(completion) + 12);
  }

  /** Everything before this completion has been seen. */
  void seen(int end) {
    INT.setRelease(memory, (long) completionHead, end);
  }

  void close() {
    Libc.close(fd);
    submissions.close();
    queues.close();
  }
}
