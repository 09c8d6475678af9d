package kith.socketio.adapter;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import kith.socketio.engine.Frame;

/** What every node of a cluster is to do with some of its sockets. */
public sealed interface Command {
  Target target();

  /**
   * Send a message, encoded already.
   *
   * @param offset what a client that missed it names it by, empty when it cannot be recovered
   */
  record Emit(Target target, List<Frame> message, String offset) implements Command {}

  record Join(Target target, Set<String> rooms) implements Command {}

  record Leave(Target target, Set<String> rooms) implements Command {}

  record Disconnect(Target target, boolean closeConnection) implements Command {}

  /** For a bus between nodes; {@link #decode} reads it. */
  default byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      write(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private void write(DataOutputStream out) throws IOException {
    switch (this) {
      case Emit emit -> {
        out.writeByte('E');
        write(out, target());
        out.writeUTF(emit.offset);
        out.writeInt(emit.message.size());
        for (Frame frame : emit.message) {
          out.writeBoolean(frame.isBinary());
          out.writeInt(frame.size());
          out.write(frame.bytes());
        }
      }
      case Join join -> {
        out.writeByte('J');
        write(out, target());
        write(out, join.rooms);
      }
      case Leave leave -> {
        out.writeByte('L');
        write(out, target());
        write(out, leave.rooms);
      }
      case Disconnect disconnect -> {
        out.writeByte('D');
        write(out, target());
        out.writeBoolean(disconnect.closeConnection);
      }
    }
  }

  private static void write(DataOutputStream out, Target target) throws IOException {
    write(out, target.rooms());
    write(out, target.except());
  }

  private static void write(DataOutputStream out, Set<String> names) throws IOException {
    out.writeInt(names.size());
    for (String name : names) {
      out.writeUTF(name);
    }
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalArgumentException when it was something else
   */
  static Command decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte kind = in.readByte();
      Target target = new Target(names(in), names(in));
      return switch (kind) {
        case 'E' -> {
          String offset = in.readUTF();
          yield new Emit(target, message(in), offset);
        }
        case 'J' -> new Join(target, names(in));
        case 'L' -> new Leave(target, names(in));
        case 'D' -> new Disconnect(target, in.readBoolean());
        default -> throw new IllegalArgumentException("unknown command");
      };
    } catch (IOException truncated) {
      throw new IllegalArgumentException("not a command", truncated);
    }
  }

  private static Set<String> names(DataInputStream in) throws IOException {
    int size = in.readInt();
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < size; i++) {
      names.add(in.readUTF());
    }
    return names;
  }

  private static List<Frame> message(DataInputStream in) throws IOException {
    int size = in.readInt();
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      boolean binary = in.readBoolean();
      int length = in.readInt();
      byte[] content = in.readNBytes(length);
      if (content.length < length) {
        throw new IllegalArgumentException("not a command");
      }
      frames.add(binary ? Frame.binary(content) : Frame.text(content));
    }
    return frames;
  }
}
