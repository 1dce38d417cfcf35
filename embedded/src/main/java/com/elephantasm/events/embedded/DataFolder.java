package com.elephantasm.events.embedded;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A server's data folder and the right to use it, held until {@link #close()}. The files that belong to it without being the
 * server's own stand beside it: {@code <folder>.lock}, {@code <folder>.initializing} and {@code <folder>.log}.
 */
final class DataFolder implements AutoCloseable {
  /** Fills an empty folder with a new server's files. */
  interface Initializer {
    void initialize(Path folder) throws IOException;
  }

  // Kept apart from the file lock: closing any channel of a file would give up the lock that this process has on it.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  // Past the process id written at the start, because on Windows nobody else can read a locked region.
  private static final long LOCKED_BYTE = 1_000_000;

  private final Path path;
  private final FileChannel lock;

  private DataFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  static DataFolder hold(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    try {
      Files.createDirectories(path);
      path = path.toRealPath();
      if (!HELD.add(path)) {
        throw inUse(path, Long.toString(ProcessHandle.current().pid()));
      }
      try {
        return new DataFolder(path, lock(path));
      } catch (IOException | RuntimeException e) {
        HELD.remove(path);
        throw e;
      }
    } catch (IOException e) {
      throw new EmbeddedServerException("cannot use the data folder %s: %s".formatted(path, e), e);
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel = FileChannel.open(beside(path, ".lock"), CREATE, READ, WRITE);
    try {
      if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
        throw inUse(path, Files.readString(beside(path, ".lock")).strip());
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap("%d%n".formatted(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static EmbeddedServerException inUse(Path path, String pid) {
    return new EmbeddedServerException(
        "the data folder %s is in use by process %s: stop that process, or choose another folder".formatted(path, pid));
  }

  Path path() {
    return path;
  }

  Path beside(String suffix) {
    return beside(path, suffix);
  }

  private static Path beside(Path path, String suffix) {
    return path.resolveSibling(path.getFileName() + suffix);
  }

  /**
   * Makes sure that the folder holds a complete server. A first start that was cut short is begun again.
   *
   * @param signature a file that every folder of such a server has
   */
  void initializeOnce(String signature, String server, Initializer initializer) throws IOException {
    Path mark = beside(".initializing");
    if (Files.exists(mark)) {
      deleteContents();
    } else if (Files.exists(path.resolve(signature))) {
      return;
    } else if (!isEmpty()) {
      throw new EmbeddedServerException(
          "the folder %s is not empty and holds no data of %s: choose another folder".formatted(path, server));
    }
    Files.writeString(mark, "");
    initializer.initialize(path);
    Files.delete(mark);
    // A mark that came back after a power failure would cost the data that was stored since.
    forceParent();
  }

  private boolean isEmpty() throws IOException {
    try (Stream<Path> entries = Files.list(path)) {
      return entries.findAny().isEmpty();
    }
  }

  private void deleteContents() throws IOException {
    try (Stream<Path> entries = Files.list(path)) {
      for (Path entry : entries.toList()) {
        deleteTree(entry);
      }
    }
  }

  private void forceParent() throws IOException {
    // Windows has no way to open a folder, and its file system orders such changes itself.
    if (!System.getProperty("os.name").startsWith("Windows")) {
      try (FileChannel parent = FileChannel.open(path.resolveSibling("."), READ)) {
        parent.force(true);
      }
    }
  }

  static void deleteTree(Path root) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(root)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }

  @Override
  public void close() {
    try {
      // The file stays: deleting it could take the lock from under the next owner.
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      HELD.remove(path);
    }
  }
}
