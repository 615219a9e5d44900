package dev.perilune.ingest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.perilune", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule packagesFormNoCircles =
      slices().matching("dev.perilune.(ingest.*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theGatewayKnowsNoOtherService =
      noClasses()
          .that()
          .resideInAPackage("dev.perilune.ingest..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.perilune.processor..",
              "dev.perilune.query..",
              "dev.perilune.embedded..",
              "dev.perilune.standalone..");

  @ArchTest
  static final ArchRule onlyTheIntakeAndTheKafkaDoorSpeakToKafka =
      noClasses()
          .that()
          .resideInAPackage("dev.perilune.ingest..")
          .and()
          .resideOutsideOfPackages("dev.perilune.ingest.intake..", "dev.perilune.ingest.topic..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule onlyTheOtlpDoorKnowsProtobuf =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.perilune.ingest.otlp..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.google.protobuf..", "io.opentelemetry..");

  @ArchTest
  static final ArchRule theDoorsDoNotKnowEachOther =
      slices()
          .matching("dev.perilune.ingest.(events|otlp|topic)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule theGatewayNeedsNoSql =
      noClasses()
          .that()
          .resideInAPackage("dev.perilune.ingest..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..", "java.sql..");

  @ArchTest
  static final ArchRule nobodyImportsMainsAndRoutes =
      classes()
          .that()
          .haveSimpleNameEndingWith("Main")
          .or()
          .haveSimpleName("IngestRoutes")
          .should()
          .onlyBeAccessed()
          .byClassesThat()
          .haveNameMatching("dev\\.perilune\\.ingest\\.Ingest(Main|Routes|Gateway)");

  @ArchTest
  static final ArchRule runtimeKnowsNoKafkaAndNoService =
      noClasses()
          .that()
          .resideInAPackage("dev.perilune.runtime..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "dev.perilune.ingest..");

  @ArchTest
  static final ArchRule modelDoesNoInputAndOutput =
      noClasses()
          .that()
          .resideInAPackage("dev.perilune.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vertx..",
              "org.apache.kafka..",
              "java.sql..",
              "org.slf4j..",
              "dev.perilune.runtime..");
}
