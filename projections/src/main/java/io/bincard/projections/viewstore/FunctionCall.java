package io.bincard.projections.viewstore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.springframework.data.redis.connection.RedisConnection;

/** A call of a function of the library. */
final class FunctionCall {

  private final List<byte[]> words = new ArrayList<>();

  FunctionCall(String function, List<byte[]> keys) {
    with(function).with(keys.size());
    words.addAll(keys);
  }

  static FunctionCall of(String function, byte[]... keys) {
    return new FunctionCall(function, List.of(keys));
  }

  FunctionCall with(byte[] argument) {
    words.add(argument);
    return this;
  }

  FunctionCall with(String argument) {
    return with(argument.getBytes(UTF_8));
  }

  FunctionCall with(long argument) {
    return with(Long.toString(argument));
  }

  /** Makes the call; the answer comes when the pipeline of {@code connection} is closed. */
  void on(RedisConnection connection) {
    connection.execute("FCALL", words.toArray(byte[][]::new));
  }
}
