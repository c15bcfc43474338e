package io.bincard.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where a run took place. */
final class Machine {

  private Machine() {}

  /** What a reader must know to believe a figure. */
  static Map<String, String> facts(String postgres, String redis, String sqlRunner)
      throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    facts.put("processor", word("/proc/cpuinfo", "model name"));
    facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("memory", word("/proc/meminfo", "MemTotal"));
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put(
        "Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    facts.put("PostgreSQL", postgres);
    facts.put("Redis", redis);
    facts.put("SQL peers driven by", sqlRunner);
    facts.put("load average before the run", Double.toString(load()));
    return facts;
  }

  /** How many want a core, of this run and of everybody else's. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static String word(String file, String key) throws IOException {
    Path path = Path.of(file);
    List<String> lines = Files.exists(path) ? Files.readAllLines(path) : List.of();
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .orElse("unknown");
  }
}
