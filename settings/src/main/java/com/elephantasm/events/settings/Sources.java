package com.elephantasm.events.settings;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Where a setting comes from, for a person. */
final class Sources {
  private Sources() {}

  static String describe(ConfigurationProperty setting) {
    Origin origin = setting.getOrigin();
    Optional<String> variable = variable(origin);
    if (variable.isPresent()) {
      return "from the environment variable " + variable.get();
    }
    return "from "
        + switch (origin instanceof PropertySourceOrigin source ? source.getPropertySource().getName() : "") {
          case CommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME -> "the command line";
          case StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME -> "a system property";
          default -> origin;
        };
  }

  /** Its name, if the setting comes from an environment variable. */
  static Optional<String> variable(@Nullable Origin origin) {
    return switch (origin) {
      case SystemEnvironmentOrigin variable -> Optional.of(variable.getProperty());
      case PropertySourceOrigin source -> variable(source.getOrigin());
      case null, default -> Optional.empty();
    };
  }
}
