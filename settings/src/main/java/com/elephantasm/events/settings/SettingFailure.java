package com.elephantasm.events.settings;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.convert.ConversionException;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/** What is wrong with a setting, in one line: its name, what it is, where that comes from, and what it must be. */
public final class SettingFailure {
  private static final Pattern SECRET = Pattern.compile("(?i).*(password|secret|jaas|token|key).*");

  private SettingFailure() {}

  /** Empty where the failure has nothing to do with a setting. The value of what may be a secret is left out. */
  public static Optional<String> line(Throwable failure) {
    return cause(failure, SettingException.class).map(Throwable::getMessage)
        .or(() -> cause(failure, BindException.class).filter(e -> cause(e, ConversionException.class).isPresent())
            .flatMap(SettingFailure::line))
        .or(() -> cause(failure, InvalidConfigurationPropertyValueException.class).map(SettingFailure::line));
  }

  /** Of a setting that Spring Boot has asked for by itself. */
  private static String line(InvalidConfigurationPropertyValueException e) {
    return "%s is %s. %s.".formatted(e.getName(), value(e.getName(), e.getValue()), e.getReason());
  }

  private static Optional<String> line(BindException e) {
    return Optional.ofNullable(e.getProperty()).map(setting -> "%s is %s (%s). Set it to %s.".formatted(e.getName(),
        value(setting.getName().toString(), setting.getValue()), Sources.describe(setting),
        expected(e.getTarget().getType().toClass())));
  }

  private static String value(String name, @Nullable Object value) {
    return SECRET.matcher(name).matches() ? "not what it must be" : "'%s'".formatted(value);
  }

  private static String expected(Class<?> declared) {
    Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(declared);
    if (type.isEnum()) {
      return "one of " + Arrays.stream(type.getEnumConstants())
          .map(constant -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
          .collect(Collectors.joining(", "));
    }
    if (Number.class.isAssignableFrom(type)) {
      return type == Integer.class ? "a whole number of at most " + Integer.MAX_VALUE : "a number";
    }
    if (type == Boolean.class) {
      return "true or false";
    }
    if (type == Duration.class) {
      return "a time such as 200ms, 5s or 2m";
    }
    if (type == DataSize.class) {
      return "a size such as 512KB or 2MB";
    }
    if (List.class.isAssignableFrom(type)) {
      return "a list";
    }
    return type == InetAddress.class ? "an address such as 127.0.0.1" : "a " + type.getSimpleName();
  }

  private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).filter(type::isInstance).map(type::cast)
        .reduce((_, innermost) -> innermost);
  }
}
