package io.bincard.application.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;
import redis.embedded.RedisExecProvider;

/**
 * The servers' programs inside the optional libraries on the class path, unpacked once into a
 * folder that is named after their content. A folder that is there is complete: it is filled under
 * another name and renamed.
 */
final class BundledPrograms {

  private static final Logger log = LoggerFactory.getLogger(BundledPrograms.class);

  /** A class file of each library: whether the library is there at all, on any platform. */
  private static final String POSTGRES_LIBRARY =
      "io/zonky/test/db/postgres/embedded/EmbeddedPostgres.class";

  private static final String REDIS_LIBRARY = "redis/embedded/RedisServer.class";

  private static final String UNFINISHED = "unpacking-";

  private final Path folder;

  /** Programs unpacked below {@code folder}, which nobody else uses at the same time. */
  BundledPrograms(Path folder) {
    this.folder = folder;
  }

  static boolean hasPostgres() {
    return find(POSTGRES_LIBRARY) != null;
  }

  static boolean hasRedis() {
    return find(REDIS_LIBRARY) != null;
  }

  /** Whether the libraries, if they are there, hold programs for this operating system. */
  static boolean hasThisPlatform() {
    return find(postgresArchive()) != null && find(redisProgram()) != null;
  }

  /** This operating system and processor, as an error message names them. */
  static String platform() {
    return System.getProperty("os.name") + " on " + System.getProperty("os.arch");
  }

  /** The folder that holds PostgreSQL's {@code bin}, {@code lib} and {@code share}. */
  Path postgres() {
    return unpacked("PostgreSQL", "postgresql", postgresArchive(), PostgresArchive::extract);
  }

  /** The file of Redis's server program. */
  Path redis() {
    String program = redisProgram();
    return unpacked(
            "Redis " + RedisExecProvider.redisVersion,
            "redis",
            program,
            (in, target) -> {
              Path file = target.resolve("redis-server");
              Files.copy(in, file);
              Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
            })
        .resolve("redis-server");
  }

  private Path unpacked(String name, String prefix, String resource, Extraction extraction) {
    @Nullable URL url = find(resource);
    if (url == null) {
      throw new IllegalStateException("no " + resource + " on the class path");
    }
    try {
      URLConnection connection = url.openConnection();
      connection.setUseCaches(false);
      try (InputStream in = connection.getInputStream()) {
        Path target = folder.resolve(prefix + "-" + fingerprint(connection));
        if (Files.isDirectory(target)) {
          return target;
        }
        log.info("Unpacking {}, once", name);
        removeUnfinished();
        Path unfinished = Files.createTempDirectory(folder, UNFINISHED);
        extraction.extract(in, unfinished);
        return Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void removeUnfinished() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (String.valueOf(file.getFileName()).startsWith(UNFINISHED)) {
          FileSystemUtils.deleteRecursively(file);
        }
      }
    }
  }

  /** Tells two versions of a program apart without reading the whole of it at every start. */
  private static String fingerprint(URLConnection connection) throws IOException {
    long value =
        connection instanceof JarURLConnection jar
            ? jar.getJarEntry().getCrc()
            : connection.getContentLengthLong();
    return Long.toHexString(value);
  }

  private static @Nullable URL find(String resource) {
    return BundledPrograms.class.getClassLoader().getResource(resource);
  }

  private static String postgresArchive() {
    String musl = Files.exists(Path.of("/etc/alpine-release")) ? "-alpine_linux" : "";
    return "postgres-%s-%s%s.txz".formatted(system(), arm() ? "arm_64" : "x86_64", musl);
  }

  private static String redisProgram() {
    return "redis-server-%s-%s-%s"
        .formatted(RedisExecProvider.redisVersion, system(), arm() ? "arm64" : "amd64");
  }

  private static String system() {
    String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return name.startsWith("mac") ? "darwin" : name;
  }

  private static boolean arm() {
    return System.getProperty("os.arch", "").equals("aarch64");
  }

  /** Fills an empty folder from a resource. */
  @FunctionalInterface
  private interface Extraction {
    void extract(InputStream in, Path target) throws IOException;
  }
}
