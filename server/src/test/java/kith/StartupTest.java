package kith;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import kith.settings.Settings;
import org.junit.jupiter.api.Test;

class StartupTest {
  @Test
  void theServerRunsOnEpollWhereThereIsOne() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"));
    assumeTrue(Set.of("amd64", "aarch64").contains(System.getProperty("os.arch")));
    Vertx vertx = new Startup(Settings.read(Map.of()), InstantSource.system()).vertx();
    try {
      assertTrue(
          vertx.isNativeTransportEnabled(), () -> "" + vertx.unavailableNativeTransportCause());
    } finally {
      vertx.close().await();
    }
  }
}
