package kith;

import java.util.List;
import kith.auth.Accounts;
import kith.auth.User;
import kith.auth.UserId;
import kith.circle.Circles;
import kith.console.Welcome.DemoLink;

/** A circle with two people in it, to try a call with. */
final class Demo {
  private static final UserId ADA = new UserId("demo-ada");
  private static final UserId BEN = new UserId("demo-ben");

  private Demo() {}

  /** Adds them, unless they are there, and a link for each that signs in. */
  static List<DemoLink> links(Accounts accounts, Circles circles, String address) {
    User ada = accounts.ensure(ADA, "ada-demo", "Ada");
    User ben = accounts.ensure(BEN, "ben-demo", "Ben");
    circles.ensureShared(ada, ben, "Demo");
    return List.of(link(accounts, ada, address), link(accounts, ben, address));
  }

  private static DemoLink link(Accounts accounts, User user, String address) {
    return new DemoLink(
        user.displayName(), address + "/#token=" + accounts.begin(user).refreshToken());
  }
}
