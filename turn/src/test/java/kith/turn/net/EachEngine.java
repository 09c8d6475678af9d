package kith.turn.net;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A test of what every engine does alike; it is given each kind. */
@Retention(RetentionPolicy.RUNTIME)
@EnumSource(names = {"IO_URING", "MMSG", "NIO"})
@ParameterizedTest
@interface EachEngine {}
