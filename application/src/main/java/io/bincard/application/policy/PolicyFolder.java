package io.bincard.application.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the policies of a shop lie: files for everywhere in the folder itself, those of each
 * environment in a folder of its name.
 *
 * <pre>
 *   policies/base.toml
 *   policies/dev/….toml
 *   policies/prod/….toml
 * </pre>
 *
 * @param environment which one, as {@code prod}
 * @param maxBytes of all files together
 */
public record PolicyFolder(Path folder, String environment, long maxBytes) {

  /** Of all files together, unless said otherwise. */
  public static final long MAX_BYTES = 16L << 20;

  /** In the folder, and as many in the environment's. */
  public static final int MAX_FILES = 1_000;

  private static final Logger logger = LoggerFactory.getLogger(PolicyFolder.class);

  private static final String SUFFIX = ".toml";

  /** A folder whose files have {@value #MAX_BYTES} bytes at most. */
  public PolicyFolder(Path folder, String environment) {
    this(folder, environment, MAX_BYTES);
  }

  /** A file of policies is locked by who writes it. */
  public static final class LockedFileException extends IOException {
    LockedFileException(String name) {
      super(name + " is locked");
    }
  }

  /** Something in the folder is called like a file of policies and is none that can be read. */
  public static final class UnreadableException extends IOException {

    private final transient List<PolicyError> errors;
    private final boolean passing;

    UnreadableException(List<PolicyError> errors, boolean passing) {
      super(errors.stream().map(PolicyError::toString).collect(Collectors.joining("\n")));
      this.errors = List.copyOf(errors);
      this.passing = passing;
    }

    /** Each of them, at least one. */
    public List<PolicyError> errors() {
      return errors;
    }

    /** Whether it may end without any change of a file, as a lack of permission may. */
    public boolean isPassing() {
      return passing;
    }
  }

  /**
   * How the folders look from outside. Of what is written, moved, linked or mounted otherwise, one
   * of these is another; no content is read for it.
   *
   * @param folders those that are there: the folder itself first
   * @param files those called like files of policies, the target of a link in its stead
   */
  public record Stamp(List<Folder> folders, List<Entry> files) {

    /**
     * A folder that is there.
     *
     * @param key what the file system calls it, if it tells
     */
    public record Folder(Path real, @Nullable Object key) {}

    /**
     * A file that is there.
     *
     * @param key what the file system calls it, if it tells
     */
    public record Entry(Path path, @Nullable Object key, long size, FileTime modified) {}
  }

  /** The two folders, whether they are there or not. */
  public List<Path> folders() {
    return List.of(folder, folder.resolve(environment));
  }

  /** How they look now. What cannot be looked at is as if it were not there. */
  public Stamp stamp() {
    List<Stamp.Folder> found = new ArrayList<>();
    List<Stamp.Entry> files = new ArrayList<>();
    for (Path each : folders()) {
      try {
        BasicFileAttributes itself = Files.readAttributes(each, BasicFileAttributes.class);
        if (itself.isDirectory()) {
          found.add(new Stamp.Folder(each.toRealPath(), itself.fileKey()));
          for (Path path : policiesIn(each)) {
            files.add(entry(path));
          }
        }
      } catch (IOException gone) {
        logger.atTrace().setCause(gone).log("Not to be looked at");
      }
    }
    return new Stamp(List.copyOf(found), List.copyOf(files));
  }

  private static Stamp.Entry entry(Path path) throws IOException {
    BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
    return new Stamp.Entry(path, file.fileKey(), file.size(), file.lastModifiedTime());
  }

  /**
   * The files as they are now.
   *
   * @throws LockedFileException if one is locked by who writes it
   * @throws UnreadableException if one cannot be read or is no UTF-8, or if they are too many or
   *     too large
   * @throws IOException if one goes away meanwhile
   */
  public List<PolicyFile> read() throws IOException {
    Reading reading = new Reading();
    reading.read(folder, 0);
    reading.read(folder.resolve(environment), 1);
    if (!reading.errors.isEmpty()) {
      throw new UnreadableException(reading.errors, reading.passing);
    }
    return reading.files;
  }

  /** One pass over the files. */
  private final class Reading {

    private final List<PolicyFile> files = new ArrayList<>();
    private final List<PolicyError> errors = new ArrayList<>();
    private boolean passing;
    private long left = maxBytes;

    void read(Path from, int layer) throws IOException {
      if (!Files.isDirectory(from)) {
        return;
      }
      List<Path> found;
      try {
        found = policiesIn(from);
      } catch (IOException e) {
        cannotRead(layer == 0 ? "the folder" : environment, "a folder", e);
        return;
      }
      if (found.size() > MAX_FILES) {
        wrong(
            layer == 0 ? "the folder" : environment,
            "at most " + MAX_FILES + " files",
            "more of them");
        return;
      }
      for (Path path : found) {
        readFile(path, layer);
      }
    }

    private void readFile(Path path, int layer) throws IOException {
      String name = folder.relativize(path).toString().replace('\\', '/');
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        if (!canShare(channel)) {
          throw new LockedFileException(name);
        }
        // Its size may be another before its end is reached.
        int most = Math.toIntExact(Math.min(left + 1, Integer.MAX_VALUE - 8));
        byte[] bytes = Channels.newInputStream(channel).readNBytes(most);
        if (bytes.length > left) {
          wrong(name, "at most " + maxBytes + " bytes in all files together", "more of them");
          return;
        }
        left -= bytes.length;
        files.add(new PolicyFile(name, layer, text(bytes)));
      } catch (CharacterCodingException e) {
        wrong(name, "UTF-8", "other bytes");
      } catch (LockedFileException | NoSuchFileException e) {
        throw e;
      } catch (IOException e) {
        cannotRead(name, "a file", e);
      }
    }

    private void cannotRead(String name, String what, IOException cause) {
      logger.atDebug().setCause(cause).log("A policy cannot be read");
      wrong(
          name,
          what + " that can be read",
          cause instanceof AccessDeniedException
              ? "no permission"
              : cause.getClass().getSimpleName());
      passing = true;
    }

    private void wrong(String name, String expected, String found) {
      errors.add(new PolicyError(name, 0, "", expected, found));
    }
  }

  private static String text(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  /** At most one more than {@link #MAX_FILES}, in their order. */
  private static List<Path> policiesIn(Path from) throws IOException {
    try (Stream<Path> entries = Files.list(from)) {
      return entries.filter(PolicyFolder::isPolicy).limit(MAX_FILES + 1L).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Whether nobody has the file for writing alone; not every file system can tell. */
  private static boolean canShare(FileChannel channel) {
    try (FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return true; // by another reader in this JVM: nobody here writes
    } catch (IOException e) {
      logger.atDebug().setCause(e).log("The file system has no locks");
      return true;
    }
  }

  /**
   * Whether {@code path} is called like a file of policies, as what editors keep beside one is not.
   */
  public static boolean isCalledLikeOne(Path path) {
    String name = path.getFileName().toString();
    return name.endsWith(SUFFIX) && !name.startsWith(".") && !name.startsWith("#");
  }

  private static boolean isPolicy(Path path) {
    return isCalledLikeOne(path) && Files.isRegularFile(path);
  }
}
