package kith.turn;

/** How far a permission reaches. */
enum Reach {
  /** Not at all: 403. */
  NOWHERE,
  /**
   * An address of this machine, or of a service of this process: only ports that are live relayed
   * addresses or such services.
   */
  THIS_SERVER,
  /**
   * An address of this machine in a range that the operator allowed: every port but those the
   * server listens on.
   */
  OWN_MACHINE,
  /** A peer elsewhere: every port. */
  ANYWHERE
}
