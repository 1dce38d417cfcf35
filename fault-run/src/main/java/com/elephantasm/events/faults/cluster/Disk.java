package com.elephantasm.events.faults.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file system of its own, in memory, so that filling it harms nobody else. Only root on Linux can make one; the file systems of
 * others are not touched.
 */
public final class Disk implements AutoCloseable {
  private final String name;
  private final Path mount;
  private final boolean own;

  private Disk(String name, Path mount, boolean own) {
    this.name = name;
    this.mount = mount;
    this.own = own;
  }

  static Disk create(String name, Path mount, int megabytes) {
    try {
      Files.createDirectories(mount);
      boolean own = run("mount", "-t", "tmpfs", "-o", "size=%dm,mode=0777".formatted(megabytes), "tmpfs",
          mount.toString());
      return new Disk(name, mount, own);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String name() {
    return name;
  }

  Path folder() {
    return mount.resolve("data");
  }

  /** Whether it is a file system of its own. */
  public boolean canBeFilled() {
    return own;
  }

  /** Takes all the room there is. */
  public void fill() {
    if (!own) {
      throw new IllegalStateException("the disk of " + name + " is not its own");
    }
    byte[] chunk = new byte[64 * 1024];
    try (OutputStream filler = Files.newOutputStream(filler())) {
      while (true) {
        filler.write(chunk);
      }
    } catch (IOException _) {
      // Full.
    }
  }

  public void free() {
    try {
      Files.deleteIfExists(filler());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path filler() {
    return mount.resolve("filler");
  }

  @Override
  public void close() {
    if (own) {
      run("umount", "-l", mount.toString());
    }
  }

  private static boolean run(String... command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
