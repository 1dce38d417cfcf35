package com.elephantasm.events.standalone;

import com.elephantasm.events.http.access.ApiKey;
import com.elephantasm.events.http.access.Scope;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Makes a key, shows it once and says what the service is told of it. Nothing is kept. */
@Command(name = "create", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Makes an API key, and the settings that let its bearer in. The key is shown once and kept nowhere."}, footer = {
        "%nThe key alone goes to standard output, all else to standard error.",
        "Ends with 0, or with 2 if the command line is wrong."})
final class KeyCreation implements Runnable {
  @Option(names = "--name", required = true, paramLabel = "NAME", description = "Whose key it is; each key has a name of its own")
  private String name = "";

  @Option(names = "--scope", required = true, paramLabel = "SCOPE", converter = ScopeConverter.class, description = "What it may do: events:write, events:read, metrics, or admin, which implies the others; can be given more than once")
  private Set<Scope> scopes = new LinkedHashSet<>();

  @Option(names = "--spirit", paramLabel = "UUID", converter = SpiritConverter.class, description = "A spirit that it is for; can be given more than once; without it the key is for all")
  private Set<UUID> spirits = new LinkedHashSet<>();

  @Spec
  private CommandSpec spec = CommandSpec.create();

  private static final class ScopeConverter implements ITypeConverter<Scope> {
    @Override
    public Scope convert(String text) {
      return Scope.of(text).orElseThrow(() -> new TypeConversionException("'%s' is none of %s".formatted(text,
          Arrays.stream(Scope.values()).map(Scope::wireName).collect(Collectors.joining(", ")))));
    }
  }

  private static final class SpiritConverter implements ITypeConverter<UUID> {
    @Override
    public UUID convert(String text) {
      UUID id = UUID.fromString(text);
      if (!id.toString().equalsIgnoreCase(text)) {
        throw new TypeConversionException("'%s' is not a UUID of 36 characters".formatted(text));
      }
      return id;
    }
  }

  @Override
  public void run() {
    if (name.isBlank()) {
      throw new ParameterException(spec.commandLine(), "--name must not be blank");
    }
    ApiKey key = ApiKey.random();
    PrintWriter err = spec.commandLine().getErr();
    err.println("The key of " + name + ", shown this once:");
    err.flush();
    PrintWriter out = spec.commandLine().getOut();
    out.println(key.value());
    out.flush();
    err.print(settings(key));
    err.flush();
  }

  private String settings(ApiKey key) {
    String allowed = lines("scopes", scopes.stream().map(Scope::wireName))
        + (spirits.isEmpty() ? "" : lines("spirits", spirits.stream().map(UUID::toString)));
    return """

        For the service, in its application.yaml:

        elephantasm:
          access:
            mode: api-key
            keys:
              - name: '%1$s'
                sha256: %2$s
        %3$s
        or as options, with the next free number in place of 0:

        %4$s
        """.formatted(name.replace("'", "''"), key.sha256(), allowed.stripTrailing() + "\n",
        String.join(" ", options(key)));
  }

  private static String lines(String setting, Stream<String> values) {
    return "        %s: [%s]\n".formatted(setting, values.map("'%s'"::formatted).collect(Collectors.joining(", ")));
  }

  private List<String> options(ApiKey key) {
    String prefix = "--elephantasm.access.keys[0].";
    Stream<String> options = Stream.of("mode=api-key");
    return Stream.concat(options.map("--elephantasm.access."::concat), Stream
        .of("name=" + name, "sha256=" + key.sha256(),
            "scopes=" + scopes.stream().map(Scope::wireName).collect(Collectors.joining(",")),
            spirits.isEmpty() ? "" : "spirits=" + spirits.stream().map(UUID::toString).collect(Collectors.joining(",")))
        .filter(option -> !option.isEmpty()).map(option -> quoted(prefix + option))).toList();
  }

  /** For a shell: brackets are patterns there, and names can have blanks. */
  private static String quoted(String option) {
    return "'" + option.replace("'", "'\\''") + "'";
  }
}
