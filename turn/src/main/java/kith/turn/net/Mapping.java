package kith.turn.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Memory mapped by the kernel. Pages of it are there from when they are first touched, unlike those
 * of an arena, which touches them all.
 */
final class Mapping implements AutoCloseable {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_POPULATE = 0x8000;
  private static final int MADV_NOHUGEPAGE = 15;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle MMAP =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("mmap"),
          FunctionDescriptor.of(
              ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MUNMAP =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("munmap"),
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle MADVISE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("madvise"),
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

  private final MemorySegment memory;
  private boolean open = true;

  private Mapping(MemorySegment memory) {
    this.memory = memory;
  }

  /** Zeros of our own. */
  static Mapping anonymous(long size) throws IOException {
    Mapping made = map(size, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    try {
      // Huge pages would make all of it resident for the first few bytes.
      int ignored = (int) MADVISE.invokeExact(made.memory, size, MADV_NOHUGEPAGE);
    } catch (Throwable e) {
      throw Libc.impossible(e);
    }
    return made;
  }

  /** What a driver shares. */
  static Mapping ofFile(int fd, long offset, long size) throws IOException {
    return map(size, MAP_SHARED | MAP_POPULATE, fd, offset);
  }

  private static Mapping map(long size, int flags, int fd, long offset) throws IOException {
    try {
      MemorySegment at =
          (MemorySegment)
              MMAP.invokeExact(MemorySegment.NULL, size, PROT_READ_WRITE, flags, fd, offset);
      if (at.address() == -1) {
        throw new IOException("no memory could be mapped");
      }
      return new Mapping(at.reinterpret(size));
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.impossible(e);
    }
  }

  MemorySegment memory() {
    return memory;
  }

  /** Nobody may touch the memory after this. */
  @Override
  public void close() {
    if (open) {
      open = false;
      try {
        int ignored = (int) MUNMAP.invokeExact(memory, memory.byteSize());
      } catch (Throwable e) {
        throw Libc.impossible(e);
      }
    }
  }
}
