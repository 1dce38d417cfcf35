package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What the executable jars say that they are made of (CycloneDX), and whether it may be given away with them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BillOfMaterialsIT {
  /**
   * Those that let the jars be passed on as they are: permissive ones, and the EPL for files that nobody has changed. SPDX
   * identifiers, or the name that an artifact gives where there is none.
   */
  private static final Set<String> ALLOWED = Set.of("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0",
      "EPL-2.0", "MIT", "PostgreSQL",
      // What re2j calls its three clauses of the BSD licence.
      "Go License");

  /** Put there by the repackaging, as the launcher's classes are, and of the same version and licence as Spring Boot. */
  private static final String TOOLS = "BOOT-INF/lib/spring-boot-jarmode-tools-";

  static List<Path> executableJars() throws IOException {
    return List.of(Path.of("target/elephantasm-events.jar"), only(Path.of("../ingest-api/target"), "*-exec.jar"),
        only(Path.of("../event-writer/target"), "*-exec.jar"));
  }

  private static Path only(Path folder, String glob) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
      files.forEach(found::add);
    }
    assertThat(found).as("%s in %s, which -am builds", glob, folder).hasSize(1);
    return found.getFirst();
  }

  @ParameterizedTest
  @MethodSource("executableJars")
  void every_jar_inside_is_listed_with_its_version_and_a_licence(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      Map<String, JsonNode> components = bySha256(sbom(zip));
      Map<String, String> libraries = libraries(zip);
      assertThat(libraries).hasSizeGreaterThan(50);
      assertThat(components.keySet()).as("SHA-256 of components").containsAll(libraries.keySet());
      libraries.forEach((sha256, name) -> {
        JsonNode component = Objects.requireNonNull(components.get(sha256));
        assertThat(name).endsWith("/%s-%s.jar".formatted(component.path("name").asString(),
            component.path("version").asString()));
        assertThat(licences(component)).as("licences of " + name).isNotEmpty();
      });
    }
  }

  @ParameterizedTest
  @MethodSource("executableJars")
  void all_of_it_may_be_passed_on(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      assertThat(notAllowed(sbom(zip))).as("artifacts of %s none of whose licences is allowed", jar).isEmpty();
    }
  }

  @Test
  void what_may_not_be_passed_on_is_named() {
    assertThat(notAllowed(Client.JSON.readTree("""
        {"components": [
          {"purl": "pkg:maven/a/permissive@1", "licenses": [{"license": {"id": "MIT"}}]},
          {"purl": "pkg:maven/a/choice@1", "licenses": [{"license": {"id": "LGPL-2.1-only"}}, {"license": {"id": "EPL-2.0"}}]},
          {"purl": "pkg:maven/a/copyleft@1", "licenses": [{"license": {"id": "AGPL-3.0-only"}}]},
          {"purl": "pkg:maven/a/named@1", "licenses": [{"license": {"name": "Ask us"}}]},
          {"purl": "pkg:maven/a/expression@1", "licenses": [{"expression": "Apache-2.0 AND SSPL-1.0"}]},
          {"purl": "pkg:maven/a/silent@1"}]}
        """))).containsExactlyEntriesOf(new TreeMap<>(Map.of("pkg:maven/a/copyleft@1", List.of("AGPL-3.0-only"),
        "pkg:maven/a/named@1", List.of("Ask us"), "pkg:maven/a/expression@1", List.of("Apache-2.0 AND SSPL-1.0"),
        "pkg:maven/a/silent@1", List.of())));
  }

  /** An artifact that names several licences leaves the choice. */
  private static Map<String, List<String>> notAllowed(JsonNode sbom) {
    Map<String, List<String>> found = new TreeMap<>();
    sbom.path("components").valueStream().filter(component -> licences(component).noneMatch(ALLOWED::contains))
        .forEach(component -> found.put(component.path("purl").asString(), licences(component).toList()));
    return found;
  }

  private static Stream<String> licences(JsonNode component) {
    return component.path("licenses").valueStream().map(each -> Stream
        .of(each.at("/license/id"), each.at("/license/name"), each.path("expression"))
        .filter(JsonNode::isString).findFirst().orElseThrow().asString());
  }

  private static JsonNode sbom(ZipFile zip) throws IOException {
    try (InputStream in = zip.getInputStream(zip.getEntry("META-INF/sbom/application.cdx.json"))) {
      return Client.JSON.readTree(in);
    }
  }

  private static Map<String, JsonNode> bySha256(JsonNode sbom) {
    Map<String, JsonNode> components = new HashMap<>();
    sbom.path("components").forEach(component -> component.path("hashes").valueStream()
        .filter(hash -> hash.path("alg").asString().equals("SHA-256"))
        .forEach(hash -> components.put(hash.path("content").asString(), component)));
    return components;
  }

  /** The names of the jars inside by their SHA-256. */
  private static Map<String, String> libraries(ZipFile zip) {
    Map<String, String> names = new HashMap<>();
    zip.stream().map(ZipEntry::getName)
        .filter(name -> name.startsWith("BOOT-INF/lib/") && name.endsWith(".jar") && !name.startsWith(TOOLS))
        .forEach(name -> names.put(sha256(zip, name), name));
    return names;
  }

  private static String sha256(ZipFile zip, String name) {
    try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
