package com.elephantasm.events.embedded;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's own programs, unpacked once per user from the artifact of this platform. */
final class PostgresBinaries {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresBinaries.class);

  private final Platform platform;
  private final Path home;

  private PostgresBinaries(Platform platform, Path home) {
    this.platform = platform;
    this.home = home;
  }

  /**
   * What a program said.
   *
   * @param exitCode 0 for success
   * @param output standard output and error
   */
  record Result(int exitCode, String output) {}

  static PostgresBinaries unpacked() throws IOException {
    Platform platform = Platform.current();
    byte[] archive = archive(platform);
    Path home = cacheFolder().resolve("postgres-" + digest(archive));
    if (!Files.exists(home)) {
      unpack(archive, home);
    }
    return new PostgresBinaries(platform, home);
  }

  private static byte[] archive(Platform platform) throws IOException {
    try (InputStream archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(platform.system(),
        platform.architecture())) {
      return archive.readAllBytes();
    } catch (IllegalStateException e) {
      throw new EmbeddedServerException("this build carries no PostgreSQL for %s on %s: build it on that platform"
          .formatted(platform.system(), platform.architecture()), e);
    }
  }

  private static String digest(byte[] archive) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Not in the shared temporary folder: others could put programs there, and old files are swept away under a server. */
  private static Path cacheFolder() throws IOException {
    Path folder = Path.of(System.getProperty("user.home"), ".cache", "elephantasm");
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      LOG.debug("no cache in {}", folder, e);
      return Files.createTempDirectory("elephantasm-");
    }
  }

  /** Unpacks aside and renames, so that whoever finds the folder finds it complete. */
  private static void unpack(byte[] archive, Path home) throws IOException {
    Path aside = Files.createTempDirectory(home.getParent(), "unpacking-");
    try (TarArchiveInputStream entries = new TarArchiveInputStream(
        new XZInputStream(new ByteArrayInputStream(archive)))) {
      for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        unpack(entry, entries, entry.resolveIn(aside));
      }
    }
    try {
      Files.move(aside, home, ATOMIC_MOVE);
    } catch (IOException e) {
      DataFolder.deleteTree(aside);
      if (!Files.exists(home)) {
        throw e;
      }
      // Another process was faster.
    }
  }

  private static void unpack(TarArchiveEntry entry, InputStream content, Path target) throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(content, target);
    if ((entry.getMode() & 0100) != 0 && !target.toFile().setExecutable(true)) {
      throw new IOException("cannot make executable: " + target);
    }
  }

  /** Runs a program to its end. It cannot be interrupted: a server that is half started or stopped serves nobody. */
  Result run(String program, List<String> arguments) throws IOException {
    // A file, because a server that the program starts keeps its output open, and a pipe would never end.
    Path output = Files.createTempFile("elephantasm-" + program, ".out");
    try {
      ProcessBuilder builder = new ProcessBuilder(command(program, arguments)).redirectErrorStream(true)
          .redirectOutput(output.toFile());
      cleanEnvironment(builder.environment());
      int exitCode = builder.start().onExit().join().exitValue();
      Result result = new Result(exitCode, new String(Files.readAllBytes(output), Charset.defaultCharset()).strip());
      LOG.debug("{} {} ended with {}: {}", program, arguments, exitCode, result.output());
      return result;
    } finally {
      delete(output);
    }
  }

  private List<String> command(String program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    // PostgreSQL refuses to run as root; in a user namespace of its own it is not.
    if (LinuxUtils.isUnshareAvailable()) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(home.resolve("bin").resolve(platform.isWindows() ? program + ".exe" : program).toString());
    command.addAll(arguments);
    return command;
  }

  /** What the user has set for other PostgreSQL servers must not reach this one. */
  private static void cleanEnvironment(Map<String, String> environment) {
    environment.keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_") || name.equals("LANG"));
    environment.put("LC_ALL", "C");
  }

  private static void delete(Path output) {
    try {
      Files.deleteIfExists(output);
    } catch (IOException e) {
      // On Windows a server keeps the file open.
      LOG.debug("left {}", output, e);
    }
  }
}
