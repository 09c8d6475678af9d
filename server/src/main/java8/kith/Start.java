package kith;

import java.lang.reflect.InvocationTargetException;

/**
 * The jar's entry: says so in one line when Java is too old for everything else. Compiled for Java
 * 8, so that any Java can.
 */
public final class Start {
  private static final int NEEDED = 25;
  private static final int EXIT_CODE = 8;

  private Start() {}

  public static void main(String[] arguments) throws Exception {
    String version = System.getProperty("java.specification.version", "0");
    if (version.startsWith("1.") || Integer.parseInt(version) < NEEDED) {
      System.err.println("kith: needs Java " + NEEDED + " or newer, and this is Java " + version);
      System.exit(EXIT_CODE);
    }
    try {
      Class.forName("kith.Main").getMethod("main", String[].class).invoke(null, (Object) arguments);
    } catch (InvocationTargetException failure) {
      if (failure.getCause() instanceof Exception) {
        throw (Exception) failure.getCause();
      }
      throw failure;
    }
  }
}
