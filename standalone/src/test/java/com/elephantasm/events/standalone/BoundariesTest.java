package com.elephantasm.events.standalone;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The walls between modules and between capabilities, for the whole project: all of it is on this module's class path. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BoundariesTest {
  private static final String OURS = "com.elephantasm.events.";
  private static final JavaClasses CLASSES = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .withImportOption(location -> !location.contains("test-servers"))
      .importPackages(OURS.substring(0, OURS.length() - 1));

  private static final Map<String, List<String>> MAY_DEPEND_ON = Map.of("schema", List.of(), "embedded", List.of(),
      "settings", List.of(),
      "log", List.of("schema", "settings"), "http", List.of("log", "schema", "settings"), "ingest",
      List.of("http", "log", "schema", "settings"), "writer",
      List.of("http", "log", "schema", "settings"), "standalone", List.of("embedded", "http", "ingest", "writer"));

  @Test
  void every_module_is_known_here() {
    assertThat(CLASSES.stream().map(type -> type.getPackageName().substring(OURS.length()).replaceAll("\\..*", "")))
        .hasSameElementsAs(MAY_DEPEND_ON.keySet());
  }

  @Test
  void a_module_depends_on_those_below_it_and_no_other() {
    MAY_DEPEND_ON.forEach((module, below) -> {
      String[] allowed = Stream.concat(Stream.of(module), below.stream()).map(name -> OURS + name + "..")
          .toArray(String[]::new);
      noClasses().that().resideInAPackage(OURS + module + "..").should()
          .dependOnClassesThat(resideInAPackage(OURS + ".").and(not(resideInAnyPackage(allowed))))
          .as(module + " depends only on " + below).check(CLASSES);
    });
  }

  @Test
  void the_contract_knows_neither_Spring_nor_Kafka() {
    noClasses().that().resideInAPackage(OURS + "schema..").should().dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "org.apache.kafka..").check(CLASSES);
  }

  @Test
  void the_embedded_servers_do_not_know_Spring() {
    noClasses().that().resideInAPackage(OURS + "embedded..").should().dependOnClassesThat()
        .resideInAPackage("org.springframework..").check(CLASSES);
  }

  @Test
  void only_the_store_and_what_reads_from_it_speak_SQL() {
    noClasses().that().resideOutsideOfPackages(OURS + "writer.store..", OURS + "writer.query..",
        OURS + "writer.deadletter..", OURS + "writer.progress..", OURS + "writer.tail..", OURS + "writer.replay..",
        OURS + "writer.verify..", OURS + "writer.rebuild..", OURS + "embedded..").should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "org.springframework.jdbc..")
        .check(CLASSES);
  }

  @Test
  void no_two_packages_need_each_other() {
    slices().matching(OURS + "(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void nothing_is_injected_into_fields() {
    NO_CLASSES_SHOULD_USE_FIELD_INJECTION.check(CLASSES);
  }

  @Test
  void every_package_is_checked_for_nulls() {
    Set<JavaPackage> packages = CLASSES.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
    assertThat(packages).filteredOn(each -> !each.isAnnotatedWith(NullMarked.class)).extracting(JavaPackage::getName)
        .isEmpty();
  }
}
