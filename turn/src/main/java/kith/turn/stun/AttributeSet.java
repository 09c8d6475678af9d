package kith.turn.stun;

import java.util.BitSet;

/** The comprehension-required attributes that a method understands; asking makes no object. */
public final class AttributeSet {
  private final BitSet types = new BitSet();

  public AttributeSet(int... attributeTypes) {
    for (int type : attributeTypes) {
      types.set(type);
    }
  }

  /** This set and more. */
  public AttributeSet with(int... attributeTypes) {
    AttributeSet wider = new AttributeSet(attributeTypes);
    wider.types.or(types);
    return wider;
  }

  public boolean contains(int type) {
    return types.get(type);
  }
}
