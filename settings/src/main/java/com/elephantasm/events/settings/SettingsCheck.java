package com.elephantasm.events.settings;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Looks at all settings before anything is built of them. One that is unknown is a slip of the pen, and without a word its
 * default would go on; one that is impossible is told whether or not the servers are there.
 */
final class SettingsCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {
  /** Variables that the command line reads, or docker-compose.yml: whoever exports those may run the jars too. */
  private static final Set<String> OTHER_VARIABLES = Set.of("ELEPHANTASM_API_KEY", "ELEPHANTASM_BUILD_NETWORK",
      "ELEPHANTASM_DATA", "ELEPHANTASM_KAFKA_PORT", "ELEPHANTASM_LOG_FORMAT", "ELEPHANTASM_PORT",
      "ELEPHANTASM_POSTGRES_PORT", "ELEPHANTASM_TRACES", "ELEPHANTASM_TRACES_SAMPLED", "ELEPHANTASM_URL");

  /** Kubernetes tells each container of each service in its namespace, whose names may begin as ours do. */
  private static final Pattern SERVICE_LINK = Pattern
      .compile("\\w+_(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

  private final KnownSettings known = KnownSettings.load();

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    requireOptions(context.getEnvironment().getPropertySources()
        .get(CommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME));
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(context.getEnvironment())) {
      if (source instanceof IterableConfigurationPropertySource settings) {
        settings.stream().filter(KnownSettings.PREFIX::isAncestorOf).forEach(name -> requireKnown(settings, name));
      }
    }
    // As a bean: those come after the one by which Boot knows the sources of settings.
    BeanFactoryPostProcessor binding = SettingsCheck::bindAll;
    context.getBeanFactory().registerSingleton("settingsBinding", binding);
  }

  /** Spring would pass over anything else without a word. */
  private static void requireOptions(@Nullable PropertySource<?> commandLine) {
    Object others = commandLine == null
        ? null
        : commandLine.getProperty(CommandLinePropertySource.DEFAULT_NON_OPTION_ARGS_PROPERTY_NAME);
    if (others != null) {
      throw new SettingException("'%s' on the command line is no setting.".formatted(others),
          "Settings are options such as --elephantasm.writer.threads=4.");
    }
  }

  private void requireKnown(ConfigurationPropertySource source, ConfigurationPropertyName name) {
    ConfigurationProperty setting = source.getConfigurationProperty(name);
    if (setting == null || isKnown(name, setting.getOrigin())) {
      return;
    }
    throw new SettingException("%s is no setting (%s).".formatted(name, Sources.describe(setting)),
        known.closest(name).map(closest -> "Did you mean %s?".formatted(closest))
            .orElse("docs/configuration.md has them all."));
  }

  private boolean isKnown(ConfigurationPropertyName name, @Nullable Origin origin) {
    return Sources.variable(origin).map(variable -> known.hasVariable(name) || OTHER_VARIABLES.contains(variable)
        || SERVICE_LINK.matcher(variable).matches()).orElseGet(() -> known.has(name));
  }

  private static void bindAll(ConfigurableListableBeanFactory beans) {
    for (String bean : beans.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
      ConfigurationProperties settings = beans.findAnnotationOnBean(bean, ConfigurationProperties.class);
      if (settings != null && settings.prefix().startsWith(KnownSettings.PREFIX + ".")) {
        beans.getBean(bean);
      }
    }
  }
}
