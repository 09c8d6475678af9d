package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A listening socket of a process that runs out of file descriptors. */
class AcceptorTest {
  private final List<SocketChannel> taken = new ArrayList<>();
  private final List<Acceptor> tired = new ArrayList<>();
  private Selector selector;
  private ServerSocketChannel listening;
  private SocketChannel client;
  private boolean exhausted;
  private Acceptor acceptor;
  private SelectionKey key;

  @BeforeEach
  void connect() throws IOException {
    selector = Selector.open();
    listening = ServerSocketChannel.open();
    listening.configureBlocking(false);
    listening.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    client = SocketChannel.open(listening.getLocalAddress());
    acceptor = new Acceptor(this::accept, taken::add, tired::add);
    key = listening.register(selector, SelectionKey.OP_ACCEPT, acceptor);
    assertEquals(1, selector.select(Patience.MILLIS), "the connection is there");
    selector.selectedKeys().clear();
  }

  private SocketChannel accept() throws IOException {
    if (exhausted) {
      throw new IOException("Too many open files");
    }
    return listening.accept();
  }

  @AfterEach
  void close() throws IOException {
    for (SocketChannel one : taken) {
      one.close();
    }
    client.close();
    listening.close();
    selector.close();
  }

  @Test
  void whatCannotBeTakenIsLeftAloneForAWhile() throws IOException {
    exhausted = true;
    acceptor.ready(key);
    assertEquals(List.of(acceptor), tired);
    assertEquals(0, selector.selectNow(), "the loop hears nothing of it");
    exhausted = false;
    acceptor.resume();
    assertEquals(1, selector.selectNow());
    acceptor.ready(key);
    assertEquals(1, taken.size(), "the connection has waited");
  }

  @Test
  void oneThatIsClosedMeanwhileStaysClosed() throws IOException {
    exhausted = true;
    acceptor.ready(key);
    listening.close();
    acceptor.resume();
    exhausted = false;
    acceptor.ready(key);
    assertEquals(List.of(acceptor), tired, "it is not tired again");
  }
}
