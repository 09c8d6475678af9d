package kith.testing;

/** Someone with an account, signed in. */
public final class Person {
  private final String username;
  private final String password;
  private final Reply signIn;
  private final Browser browser;

  Person(String username, String password, Reply signIn, Browser anonymous) {
    this.username = username;
    this.password = password;
    this.signIn = signIn;
    this.browser = anonymous.withToken(signIn.text("token"));
  }

  public String username() {
    return username;
  }

  public String password() {
    return password;
  }

  public String id() {
    return signIn.text("user.id");
  }

  public String token() {
    return signIn.text("token");
  }

  public String refreshToken() {
    return signIn.text("refreshToken");
  }

  /** Sends requests with this person's access token. */
  public Browser browser() {
    return browser;
  }

  public Reply gets(String path) {
    return browser.get(path);
  }

  public Reply posts(String path, Object... fields) {
    return browser.post(path, fields);
  }

  public Reply deletes(String path) {
    return browser.delete(path);
  }

  /** Makes a circle; its id. */
  public String makesCircle(String name) {
    return posts("/api/circles", "name", name).is(201).text("id");
  }

  /** Makes an invite; its code. */
  public String invitesTo(String circle) {
    return browser.post("/api/circles/" + circle + "/invites").is(201).text("code");
  }

  public Reply accepts(String code) {
    return browser.post("/api/invites/" + code + "/accept");
  }

  /** Connects a device of this person. */
  public RawClient connects(int port, String device) {
    return RawClient.connect(port, token(), device);
  }
}
