package io.bincard.application.architecture;

import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What holds for every text file, whatever it says. */
@SuppressWarnings("ImmutableEnumChecker") // The samples are in an unmodifiable list.
enum TidyRule implements CheckoutRule {
  EVERY_PACKAGE_SAYS_WHAT_IT_HOLDS(
      Checkout.of("domain/src/main/java/io/bincard/Sku.java", "package io.bincard;\n"),
      new Checkout(
          Map.of(
              "domain/src/main/java/io/bincard/Sku.java", "package io.bincard;\n",
              "domain/src/main/java/io/bincard/package-info.java", "package io.bincard;\n"),
          Map.of()),
      Checkout.of("one/within/src/main/java/io/bincard/Sku.java", "package io.bincard;\n")) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      return checkout
          .filesLike("([^/]+/)+src/(main|test)/java/.*\\.java")
          .map(file -> file.getKey().replaceFirst("/[^/]+$", "/package-info.java"))
          .filter(info -> !info.contains("/architecture/bad/unmarked/"))
          .distinct()
          .filter(
              info -> !says(checkout, info) && !says(checkout, info.replace("/test/", "/main/")))
          .map(info -> info + " with a docstring and @NullMarked is missing");
    }

    private static boolean says(Checkout checkout, String packageInfo) {
      String text = checkout.files().getOrDefault(packageInfo, "");
      return text.startsWith("/**") && text.contains("@NullMarked");
    }
  },

  FINISHES_WHAT_IT_BEGINS(
      Checkout.of("A.java", "// TO" + "DO: the rest\n"),
      Checkout.of("A.java", "/* FIX" + "ME */\n"),
      Checkout.of("A.java", "@Dis" + "abled\n"),
      Checkout.of("A.java", "Thread.sl" + "eep(10);\n"),
      Checkout.of("A.java", "assume" + "True(isLinux());\n"),
      Checkout.of("A.java", "assume" + "That(isLinux()).isTrue();\n")) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      return linesWith(
          checkout,
          ".*\\.java",
          "\\b(TO[D]O|FI[X]ME)\\b|@Disa[b]led|Thread\\.sleep\\(|assume(True|False|That)\\(");
    }
  },

  HAS_NO_STRAY_BLANKS(
      Checkout.of("a.md", "two blanks  \nat the end\n"),
      Checkout.of("a.sql", "\tselect 1;\n"),
      Checkout.of("a.md", "the other newline\r\n"),
      Checkout.of("a.md", "no newline at the end")) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      return linesWith(checkout, ".*", "\\t|\\r|[ ]\\n|[^\\n]\\z");
    }
  },

  NAMES_NO_MACHINE_AND_NO_REGISTRY(
      Checkout.of("a.md", "cd /wo" + "rk/main\n"),
      Checkout.of(".ci/run", "PATH=/ro" + "ot/bin\n"),
      Checkout.of("a.md", "see ../sha" + "red/design\n"),
      Checkout.of("pom.xml", "<url>https://repo.ma" + "ven.apache.org/maven2</url>\n"),
      Checkout.of("a.md", "from registry.np" + "mjs.org\n")) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      return linesWith(
          checkout,
          ".*",
          "(?<![A-Za-z0-9_.~}])/(work|farm|root|home|tmp)/|[.][.]/shared\\b"
              + "|\\brepo1?[.]maven[.]|\\bregistry[.]npmjs|\\bdeb[.]debian[.]org");
    }
  };

  private final List<Checkout> bad;

  TidyRule(Checkout... bad) {
    this.bad = List.of(bad);
  }

  @Override
  public List<Checkout> bad() {
    return bad;
  }

  private static Stream<String> linesWith(Checkout checkout, String path, String regex) {
    Pattern pattern = Pattern.compile(regex);
    return checkout
        .filesLike(path)
        .flatMap(
            file ->
                pattern
                    .matcher(file.getValue())
                    .results()
                    .map(found -> whereAndWhat(file.getKey(), file.getValue(), found)));
  }

  private static String whereAndWhat(String path, String text, MatchResult found) {
    long line = 1 + text.substring(0, found.start()).chars().filter(each -> each == '\n').count();
    String what = found.group().isBlank() ? "a stray blank" : found.group().strip();
    return path + ":" + line + ": " + what;
  }
}
