package kith.turn.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import kith.turn.proxy.Introduction;
import kith.turn.proxy.ProxyHeader;

/** Whatever a proxy sends, reading its header ends, stays within its bounds, and throws nothing. */
class ProxyHeaderFuzzTest {

  @FuzzTest(maxDuration = "60s")
  void anyBytesAreReadOrRefused(byte[] bytes) {
    int have = 0;
    while (ProxyHeader.read(Arrays.copyOf(bytes, have), have)
        instanceof Introduction.Incomplete(int more)) {
      assertTrue(more > 0 && have + more <= ProxyHeader.LONGEST);
      have += more;
      if (have > bytes.length) {
        return;
      }
    }
  }
}
