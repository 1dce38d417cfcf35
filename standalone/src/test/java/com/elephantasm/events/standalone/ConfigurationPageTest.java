package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.settings.KnownSettings;
import com.elephantasm.events.standalone.ConfigurationPage.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.util.ClassUtils;

/** The page of the settings is complete, and as they are. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfigurationPageTest {
  private static final Path FILE = Path.of("../docs/configuration.md");
  private static final String WRITE = "tests.write-docs";

  private final ConfigurationPage page = new ConfigurationPage();

  @Test
  void the_page_is_as_the_settings_are() throws Exception {
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(FILE, page.text());
    }
    assertThat(FILE).as("""
        docs/configuration.md is not as the settings are. Write it anew with
        ./mvnw -pl standalone -am test -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false -D%s=true"""
        .formatted(WRITE)).hasContent(page.text());
  }

  @Test
  void every_setting_is_known_and_no_other() {
    assertThat(KnownSettings.load().whenToChange().keySet())
        .as("settings.properties, of which a start takes the settings that there are")
        .containsExactlyInAnyOrderElementsOf(page.settings().stream().flatMap(ConfigurationPageTest::names).toList());
  }

  @Test
  void every_setting_says_what_it_is_and_when_to_change_it() {
    KnownSettings.load().whenToChange().forEach((name, when) -> assertThat(when.isBlank())
        .as("%s: what is in a list is told at the list, all else for itself", name).isEqualTo(name.contains("[].")));
    assertThat(page.settings())
        .allSatisfy(setting -> assertThat(setting.description()).as(setting.name()).isNotBlank());
  }

  @Test
  void what_has_no_default_says_what_that_means() {
    assertThat(page.settings()).filteredOn(setting -> setting.defaultValue() == null)
        .allSatisfy(setting -> assertThat(setting.description()).as(setting.name())
            .containsPattern("missing|not given|by default"));
  }

  /** With what the entries of a list have, which is not in the metadata. */
  private static Stream<String> names(Setting setting) {
    if (!setting.type().startsWith("java.util.List<")) {
      return Stream.of(setting.name());
    }
    String list = setting.name() + "[]";
    Class<?> entry = ClassUtils.resolveClassName(setting.type().replaceAll(".*<|>", ""), null);
    return entry.isRecord()
        ? Stream.concat(Stream.of(list),
            Arrays.stream(entry.getRecordComponents())
                .map(each -> list + "." + kebab(each.getName()) + (each.getType() == List.class ? "[]" : "")))
        : Stream.of(list);
  }

  private static String kebab(String name) {
    return ConfigurationPropertyName.adapt(name.replaceAll("([a-z])([A-Z])", "$1-$2"), '.').toString();
  }
}
