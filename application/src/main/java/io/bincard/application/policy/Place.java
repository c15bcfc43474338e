package io.bincard.application.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * Where something stands in a policy.
 *
 * @param path from the top of the file: keys, and places in arrays from 0
 * @param shown the path as errors tell it
 */
record Place(PolicyFile file, List<Object> path, String shown) {

  static Place top(PolicyFile file) {
    return new Place(file, List.of(), "");
  }

  Place key(String key) {
    return new Place(file, with(key), shown.isEmpty() ? key : shown + '.' + key);
  }

  /** The entry at {@code index} of the array that stands here, told by {@code name}. */
  Place entry(int index, String name) {
    return new Place(file, with(index), shown + '[' + name + ']');
  }

  private List<Object> with(Object step) {
    List<Object> longer = new ArrayList<>(path);
    longer.add(step);
    return longer;
  }
}
