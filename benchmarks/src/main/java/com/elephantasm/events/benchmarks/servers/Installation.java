package com.elephantasm.events.benchmarks.servers;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * A service as its executable jar has it when it is extracted: its own class path and not that of the benchmarks, and of jars
 * alone, as an AOT cache takes classes from nothing else.
 */
public final class Installation {
  private final Class<?> main;
  private final String classPath;

  private Installation(Class<?> main, String classPath) {
    this.main = main;
    this.classPath = classPath;
  }

  /**
   * @param main of the service
   * @param folder empty, for the jars
   */
  public static Installation of(Class<?> main, Path folder) throws IOException, InterruptedException {
    Path own = codeSource(main);
    return new Installation(main, Files.isDirectory(own) ? pack(own, folder) : extract(own, folder));
  }

  private static Path codeSource(Class<?> main) {
    try {
      return Path.of(main.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The executable jar is beside the one of the module. */
  private static String extract(Path jar, Path folder) throws IOException, InterruptedException {
    Path executable = jar.resolveSibling(jar.getFileName().toString().replaceFirst("\\.jar$", "-exec.jar"));
    int code = new ProcessBuilder(JavaProcess.JAVA, "-Djarmode=tools", "-jar", executable.toString(), "extract",
        "--force", "--destination", folder.toString()).inheritIO().start().waitFor();
    require(code == 0, "%s could not be extracted", executable);
    return folder.resolve(executable.getFileName()).toString();
  }

  /** Where nothing is packaged, as by {@code spring-boot:run}, there is a list of the dependencies beside the classes. */
  private static String pack(Path classes, Path folder) throws IOException {
    Stream<Path> dependencies = Stream
        .of(Files.readString(classes.resolveSibling("runtime.classpath")).strip().split(File.pathSeparator))
        .map(Path::of);
    List<String> jars = new ArrayList<>();
    for (Path part : Stream.concat(Stream.of(classes), dependencies).toList()) {
      jars.add(Files.isDirectory(part) ? jar(part, folder.resolve(jars.size() + ".jar")) : part.toString());
    }
    return String.join(File.pathSeparator, jars);
  }

  private static String jar(Path classes, Path jar) {
    int code = ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, "--create", "--file",
        jar.toString(), "-C", classes.toString(), ".");
    require(code == 0, "%s could not be packed", classes);
    return jar.toString();
  }

  private static void require(boolean done, String complaint, Path what) {
    if (!done) {
      throw new IllegalStateException(complaint.formatted(what));
    }
  }

  String name() {
    return main.getSimpleName();
  }

  Program program(List<String> arguments) {
    return new Program(classPath, main.getName(), arguments);
  }
}
