package kith.privacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayedOnlyTest {
  private static final String RELAY =
      "candidate:2 1 udp 41885439 198.51.100.7 61000 typ relay raddr 192.0.2.10 rport 50000"
          + " generation 0 ufrag aBcD network-id 1 network-cost 10";
  private static final String CLEAN =
      "candidate:2 1 udp 41885439 198.51.100.7 61000 typ relay raddr 0.0.0.0 rport 9"
          + " generation 0 ufrag aBcD network-id 1 network-cost 10";

  @Test
  void aRelayCandidateStaysWithoutTheAddressBehindIt() {
    assertEquals(Optional.of(CLEAN), RelayedOnly.candidate(RELAY));
    assertEquals(Optional.of("a=" + CLEAN), RelayedOnly.candidate("a=" + RELAY));
  }

  @Test
  void ofAnIpv6RelayTheRelatedAddressIsTheUnspecifiedOneOfIpv6() {
    assertEquals(
        Optional.of("candidate:2 1 udp 7 2001:db8::1 61000 typ relay raddr :: rport 9"),
        RelayedOnly.candidate(
            "candidate:2 1 udp 7 2001:db8::1 61000 typ relay raddr 2001:db8::99 rport 4000"));
  }

  @Test
  void aRelayCandidateNeedNotTellWhatIsBehindIt() {
    String bare = "candidate:2 1 udp 7 198.51.100.7 61000 typ relay";
    assertEquals(Optional.of(bare), RelayedOnly.candidate(bare));
    assertEquals(
        Optional.of(bare + " ufrag x"),
        RelayedOnly.candidate(bare + " x-local 192.0.2.10 ufrag x"));
  }

  @Test
  void aCandidateMayHaveAnyNumberOfExtensions() {
    String bare = "candidate:2 1 udp 7 198.51.100.7 61000 typ relay";
    assertEquals(Optional.of(bare), RelayedOnly.candidate(bare + " a b".repeat(60_000)));
    assertEquals(Optional.empty(), RelayedOnly.candidate(bare + " a b".repeat(60_000) + " c"));
  }

  @Test
  void theEndOfCandidatesStays() {
    assertEquals(Optional.of(""), RelayedOnly.candidate(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "candidate:1 1 udp 2122260223 192.0.2.10 50000 typ host generation 0 ufrag aBcD",
        "candidate:1 1 udp 2122260223 3f2a4c1e-9b1d-4c55-8d3c-0a1b2c3d4e5f.local 50000 typ host",
        "candidate:1 1 tcp 1518280447 192.0.2.10 9 typ host tcptype active generation 0",
        "candidate:1 1 udp 1686052607 203.0.113.5 50000 typ srflx raddr 192.0.2.10 rport 50000",
        "candidate:1 1 udp 1853824767 203.0.113.5 50000 typ prflx raddr 192.0.2.10 rport 50000",
        "candidate:1 1 udp 1 192.0.2.10 50000 typ host typ relay",
        "candidate:1 1 udp 1 192.0.2.10 50000 typ  relay",
        "candidate:1 1 udp 1 192.0.2.10 50000 typ RELAY",
        " candidate:1 1 udp 1 198.51.100.7 50000 typ relay",
        "candidate:1 1 udp 1 198.51.100.7 50000 typ relay raddr",
        "candidate:1 1 udp 1 198.51.100.7 50000 typ relay raddr 192.0.2.10 rport",
        "candidate:1 1 udp 1 my-laptop.home 50000 typ relay",
        "candidate:1 1 udp 1 198.51.100.7 50000 typ relayed",
        "candidate:1 1 udp 1 198.51.100.7 50000 typ relay\r\na=candidate:1 1 udp 1 192.0.2.10 5 typ host",
        "candidate:",
        "192.0.2.10",
        "nonsense"
      })
  void anyOtherCandidateIsTakenOut(String candidate) {
    assertEquals(Optional.empty(), RelayedOnly.candidate(candidate));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "\n", "\r"})
  void aDescriptionKeepsAllButTheAddresses(String end) {
    String sdp =
        String.join(
            end,
            "v=0",
            "o=- 46117 2 IN IP4 192.0.2.10",
            "s=-",
            "t=0 0",
            "a=group:BUNDLE 0 1",
            "m=audio 50000 UDP/TLS/RTP/SAVPF 111",
            "c=IN IP4 203.0.113.5",
            "a=rtcp:50001 IN IP4 203.0.113.5",
            "a=candidate:1 1 udp 2122260223 192.0.2.10 50000 typ host generation 0",
            "a=" + RELAY,
            "a=remote-candidates:1 198.51.100.9 6000",
            "a=ice-ufrag:aBcD",
            "a=rtcp-mux",
            "a=rtpmap:111 opus/48000/2",
            "m=video 0 UDP/TLS/RTP/SAVPF 96",
            "c=IN IP6 2001:db8::99",
            "");
    String expected =
        String.join(
            end,
            "v=0",
            "o=- 46117 2 IN IP4 0.0.0.0",
            "s=-",
            "t=0 0",
            "a=group:BUNDLE 0 1",
            "m=audio 9 UDP/TLS/RTP/SAVPF 111",
            "c=IN IP4 0.0.0.0",
            "a=rtcp:9 IN IP4 0.0.0.0",
            "a=" + CLEAN,
            "a=ice-ufrag:aBcD",
            "a=rtcp-mux",
            "a=rtpmap:111 opus/48000/2",
            "m=video 0 UDP/TLS/RTP/SAVPF 96",
            "c=IN IP4 0.0.0.0",
            "");
    assertEquals(expected, RelayedOnly.description(sdp));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=candidate:1 1 udp 1 192.0.2.10 50000 typ host",
        "v=0\ra=candidate:1 1 udp 1 192.0.2.10 50000 typ host",
        "v=0\n\r a=candidate:1 1 udp 1 192.0.2.10 50000 typ relay",
        "A=CANDIDATE:1 1 udp 1 192.0.2.10 50000 typ host\n",
        "\ta=candidate:1 1 udp 1 192.0.2.10 50000 typ host",
        "a=candidate 192.0.2.10",
        "a= candidate:1 1 udp 1 192.0.2.10 50000 typ host",
        "a =candidate:1 1 udp 1 192.0.2.10 50000 typ host",
        "\u0000a=candidate:1 1 udp 1 192.0.2.10 50000 typ host",
        "a=remote - candidates:1 192.0.2.10 6000",
        "c =IN IP4 192.0.2.10",
        "o=192.0.2.10",
        "o=- 1 1 IN IP4 192.0.2.10 more",
        " c=IN IP4 192.0.2.10/127",
        "C=192.0.2.10",
        "a=rtcp:53020 IN IP4 192.0.2.10"
      })
  void noAddressPassesInAMalformedLine(String sdp) {
    assertFalse(RelayedOnly.description(sdp).contains("192.0.2.10"));
  }

  @Test
  void whatIsCleanStaysAsItIs() {
    String clean = "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\na=" + CLEAN + "\r\nm=audio 9 X 1\r\n";
    assertEquals(clean, RelayedOnly.description(clean));
    assertEquals("", RelayedOnly.description(""));
    assertEquals("no line end", RelayedOnly.description("no line end"));
  }

  /** However a description is broken up, a second look finds nothing more to remove. */
  @Test
  void oneLookIsEnough() {
    var random = new Random(7);
    String[] parts = {
      "a=",
      "candidate:",
      "1 1 udp 7 ",
      "192.0.2.10",
      " 5 typ relay",
      " typ host",
      " raddr 192.0.2.10",
      " rport 7",
      "\r",
      "\n",
      "c=IN IP4 ",
      "o=",
      "m=audio ",
      "5000 ",
      " ",
      "a=rtcp:"
    };
    for (int i = 0; i < 20_000; i++) {
      var sdp = new StringBuilder();
      for (int part = random.nextInt(12); part >= 0; part--) {
        sdp.append(parts[random.nextInt(parts.length)]);
      }
      String once = RelayedOnly.description(sdp.toString());
      assertEquals(once, RelayedOnly.description(once), sdp::toString);
    }
  }
}
