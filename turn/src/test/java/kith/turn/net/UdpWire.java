package kith.turn.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.Wire;

/** A client's real UDP socket. */
final class UdpWire implements Wire {
  private final DatagramSocket socket;
  private final InetSocketAddress server;

  private UdpWire(DatagramSocket socket, InetSocketAddress server) {
    this.socket = socket;
    this.server = server;
  }

  static Client client(String user, InetAddress server, int port) {
    try {
      DatagramSocket socket = new DatagramSocket(0, server);
      socket.setSoTimeout(Patience.MILLIS);
      UdpWire wire = new UdpWire(socket, new InetSocketAddress(server, port));
      return new Client(user, TransportAddress.of(server, socket.getLocalPort()), wire);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void send(byte[] bytes) {
    try {
      socket.send(new DatagramPacket(bytes, bytes.length, server));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean await(Client client) {
    try {
      DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
      socket.receive(packet);
      client.received(Arrays.copyOf(packet.getData(), packet.getLength()));
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void disconnect() {
    socket.close();
  }
}
