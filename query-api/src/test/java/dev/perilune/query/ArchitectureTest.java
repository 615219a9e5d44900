package dev.perilune.query;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.perilune.query",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule packagesFormNoCircle =
      slices().matching("dev.perilune.query.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule featuresDoNotKnowEachOther =
      noClasses()
          .that()
          .resideInAPackage("..query.runs..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..query.about..", "..query.ingest..", "..query.live..");

  @ArchTest
  static final ArchRule filtersKnowNoFeature =
      noClasses()
          .that()
          .resideInAPackage("..query.filter..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..query.runs..", "..query.about..", "..query.ingest..", "..query.live..");

  @ArchTest
  static final ArchRule collectionsKnowTheKitAndNotEachOther =
      slices()
          .matching("dev.perilune.query.(checklists|dashboards|jobs|models|projects|views)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule theKitKnowsNoCollection =
      noClasses()
          .that()
          .resideInAPackage("..query.resource..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..query.checklists..",
              "..query.dashboards..",
              "..query.jobs..",
              "..query.models..",
              "..query.projects..",
              "..query.runs..",
              "..query.views..");

  @ArchTest
  static final ArchRule nothingImportsTheEntrance =
      noClasses()
          .that()
          .resideInAPackage("dev.perilune.query..")
          .and()
          .haveSimpleNameNotStartingWith("Query")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.perilune.query");

  @ArchTest
  static final ArchRule noOtherService =
      noClasses()
          .that()
          .resideInAPackage("dev.perilune.query..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.perilune.ingest..",
              "dev.perilune.processor..",
              "dev.perilune.embedded..",
              "org.testcontainers..");

  @ArchTest
  static final ArchRule kafkaHasOneDoor =
      noClasses()
          .that()
          .resideInAPackage("dev.perilune.query..")
          .and()
          .resideOutsideOfPackage("dev.perilune.query.live..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule sqlClientsAreUsedInSqlClassesOnly =
      noClasses()
          .that()
          .resideInAPackage("dev.perilune.query..")
          .and()
          .haveNameNotMatching(".*Sql(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..", "java.sql..");

  @ArchTest
  static final ArchRule classesAreFinal =
      classes()
          .that()
          .resideInAPackage("dev.perilune.query..")
          .and()
          .areNotInterfaces()
          .and()
          .areNotEnums()
          .and()
          .areNotAnonymousClasses()
          .should()
          .haveModifier(JavaModifier.FINAL);
}
