package io.bincard.domain.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.constantpool.DoubleEntry;
import java.lang.classfile.constantpool.FloatEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Looks for {@code float} and {@code double} in the byte code itself: in constants, in fields, in
 * the signatures of what is declared and of what is called, and in every instruction, so that an
 * intermediate result is found too. ArchUnit sees no arithmetic.
 */
final class NoFloatingPoint extends ArchCondition<JavaClass> {
  /** DADD, FCMPL, D2L and I2D, but not DUP. */
  private static final Pattern OPCODE = Pattern.compile("[FD](?!UP).*|[IL]2[FD]");

  private static final Pattern CLASS_NAME = Pattern.compile("L[^;]*;");
  private static final Pattern BOX = Pattern.compile("Ljava/lang/(Float|Double);");

  NoFloatingPoint() {
    super("have no floating point, not even in between");
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    List<String> found = fractionsIn(parsed(type)).distinct().toList();
    events.add(
        new SimpleConditionEvent(
            type, found.isEmpty(), type.getName() + " calculates in fractions: " + found));
  }

  private static Stream<String> fractionsIn(ClassModel model) {
    Stream<String> constants =
        StreamSupport.stream(model.constantPool().spliterator(), false)
            .filter(NoFloatingPoint::isFraction)
            .map(Object::toString);
    Stream<String> declared =
        Stream.concat(
                model.fields().stream().map(field -> field.fieldType().stringValue()),
                model.methods().stream().map(method -> method.methodType().stringValue()))
            .filter(NoFloatingPoint::namesAFraction);
    Stream<String> instructions =
        model.methods().stream()
            .flatMap(method -> method.code().stream())
            .flatMap(code -> code.elementStream())
            .filter(Instruction.class::isInstance)
            .map(element -> ((Instruction) element).opcode().name())
            .filter(opcode -> OPCODE.matcher(opcode).matches());
    return Stream.of(constants, declared, instructions).flatMap(each -> each);
  }

  private static boolean isFraction(PoolEntry entry) {
    return switch (entry) {
      case FloatEntry _, DoubleEntry _ -> true;
      case NameAndTypeEntry called -> namesAFraction(called.type().stringValue());
      default -> false;
    };
  }

  private static boolean namesAFraction(String descriptor) {
    String primitives = CLASS_NAME.matcher(descriptor).replaceAll("");
    return primitives.contains("F") || primitives.contains("D") || BOX.matcher(descriptor).find();
  }

  private static ClassModel parsed(JavaClass type) {
    var source = type.getSource().orElseThrow(() -> new AssertionError("no file of " + type));
    try (InputStream bytes = source.getUri().toURL().openStream()) {
      return ClassFile.of().parse(bytes.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
