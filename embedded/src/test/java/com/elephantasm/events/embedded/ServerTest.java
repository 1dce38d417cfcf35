package com.elephantasm.events.embedded;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;

/** A folder of its own for each test. */
@DisplayNameGeneration(ReplaceUnderscores.class)
abstract class ServerTest {
  @TempDir
  Path folder = Path.of("");
}
