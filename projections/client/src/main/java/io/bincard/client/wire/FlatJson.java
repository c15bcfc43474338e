package io.bincard.client.wire;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One JSON object whose members are texts, whole numbers, {@code true}, {@code false} or {@code
 * null}: exactly what Bincard's events carry. Members that nobody asks for may come and go;
 * anything else, a member that stands twice too, is refused.
 */
public final class FlatJson {

  private static final Pattern WORD =
      Pattern.compile("-?(?:0|[1-9][0-9]*+)(?![0-9.eE])|true|false|null");
  private static final Pattern FOUR_DIGITS = Pattern.compile("[0-9a-fA-F]{4}");
  private static final Pattern BLANK = Pattern.compile("[ \\n\\r\\t]*+");

  private final String json;
  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, String> words = new HashMap<>();
  private int at;

  private FlatJson(String json) {
    this.json = json;
  }

  /**
   * Reads {@code json}, all of it.
   *
   * @throws UnreadableException if it is no flat object
   */
  public static FlatJson read(String json) {
    FlatJson read = new FlatJson(json);
    read.object();
    return read;
  }

  private void object() {
    expect('{');
    if (!found('}')) {
      do {
        member();
      } while (found(','));
      expect('}');
    }
    if (at != json.length()) {
      throw new UnreadableException("text behind an object, at " + at);
    }
  }

  private void member() {
    String name = text();
    if (texts.containsKey(name) || words.containsKey(name)) {
      throw new UnreadableException("a member stands twice: " + name);
    }
    expect(':');
    if (at < json.length() && json.charAt(at) == '"') {
      texts.put(name, text());
    } else {
      words.put(name, token(WORD, "plain value"));
    }
    skipBlanks();
  }

  private void expect(char wanted) {
    if (!found(wanted)) {
      throw new UnreadableException("no " + wanted + " at " + at);
    }
  }

  private boolean found(char wanted) {
    skipBlanks();
    boolean is = at < json.length() && json.charAt(at) == wanted;
    if (is) {
      at++;
      skipBlanks();
    }
    return is;
  }

  private String token(Pattern pattern, String what) {
    Matcher token = pattern.matcher(json).region(at, json.length());
    token.useTransparentBounds(true);
    if (!token.lookingAt()) {
      throw new UnreadableException("no " + what + " at " + at);
    }
    at = token.end();
    return token.group();
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    if (next() != '"') {
      throw new UnreadableException("no text at " + (at - 1));
    }
    for (char next = next(); next != '"'; next = next()) {
      if (next < ' ') {
        throw new UnreadableException("a control character at " + (at - 1));
      }
      text.append(next == '\\' ? escaped() : next);
    }
    return text.toString();
  }

  private char next() {
    if (at == json.length()) {
      throw new UnreadableException("it breaks off");
    }
    return json.charAt(at++);
  }

  private char escaped() {
    char escape = next();
    return switch (escape) {
      case '"', '\\', '/' -> escape;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> (char) Integer.parseInt(token(FOUR_DIGITS, "four digits"), 16);
      default -> throw new UnreadableException("no such escape at " + (at - 1));
    };
  }

  private void skipBlanks() {
    Matcher blank = BLANK.matcher(json).region(at, json.length());
    at = blank.lookingAt() ? blank.end() : at;
  }

  /** The text {@code name}, which must be there. */
  public String text(String name) {
    return value(texts, name);
  }

  /** The number {@code name}, which must be there and fit a {@code long}. */
  public long number(String name) {
    String digits = value(words, name);
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new UnreadableException("no number within bounds: " + name);
    }
  }

  /** Whether {@code name}, which must be there, is true. */
  public boolean flag(String name) {
    String word = value(words, name);
    if (!word.equals("true") && !word.equals("false")) {
      throw new UnreadableException("neither true nor false: " + name);
    }
    return word.equals("true");
  }

  private static String value(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new UnreadableException("no such member, or of another kind: " + name);
    }
    return value;
  }
}
