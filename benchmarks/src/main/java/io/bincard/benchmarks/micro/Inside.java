package io.bincard.benchmarks.micro;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * Ways to code that its package keeps to itself. A constant handle is compiled into a plain call,
 * so nothing has to be made public to be measured.
 */
final class Inside {

  private Inside() {}

  /** The only static method {@code name} of {@code className}. */
  static MethodHandle method(String className, String name) {
    try {
      Class<?> owner = Class.forName(className);
      Method method =
          Arrays.stream(owner.getDeclaredMethods())
              .filter(each -> each.getName().equals(name))
              .findFirst()
              .orElseThrow();
      return MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).unreflect(method);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
