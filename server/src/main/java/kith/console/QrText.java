package kith.console;

import io.nayuki.qrcodegen.QrCode;

/** A QR code (ISO/IEC 18004) as text, two modules to a character. */
final class QrText {
  private static final int QUIET_ZONE = 2;

  /** White on black whatever the terminal's own colours are, so that every camera can read it. */
  private static final String COLOURS = "\u001b[38;5;231;48;5;16m";

  private static final String PLAIN = "\u001b[0m";

  private QrText() {}

  /**
   * @param colours whether the terminal understands them
   */
  static String of(String text, boolean colours) {
    QrCode code = QrCode.encodeText(text, QrCode.Ecc.LOW);
    StringBuilder lines = new StringBuilder();
    for (int y = -QUIET_ZONE; y < code.size + QUIET_ZONE; y += 2) {
      lines.append("  ").append(colours ? COLOURS : "");
      for (int x = -QUIET_ZONE; x < code.size + QUIET_ZONE; x++) {
        lines.append(character(!code.getModule(x, y), !code.getModule(x, y + 1)));
      }
      lines.append(colours ? PLAIN : "").append('\n');
    }
    return lines.toString();
  }

  private static char character(boolean upperLight, boolean lowerLight) {
    if (upperLight) {
      return lowerLight ? '█' : '▀';
    }
    return lowerLight ? '▄' : ' ';
  }
}
