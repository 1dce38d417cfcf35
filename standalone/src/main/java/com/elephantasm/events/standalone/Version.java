package com.elephantasm.events.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that was built, as {@code --version} says it. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() throws IOException {
    Properties build = new Properties();
    try (InputStream properties = Version.class.getResourceAsStream("/META-INF/build-info.properties")) {
      if (properties != null) {
        build.load(properties);
      }
    }
    return new String[]{"Elephantasm Events " + build.getProperty("build.version", "unknown")};
  }
}
