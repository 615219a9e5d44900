package dev.perilune.processor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may depend on whom in the processor. */
@AnalyzeClasses(packages = "dev.perilune", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "dev.perilune.processor";

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule pricingKnowsNoOtherStep =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".pricing..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT, ROOT + ".consume..", ROOT + ".pipeline..", ROOT + ".store..");

  @ArchTest
  static final ArchRule storeKnowsNoStepBeforeIt =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".store..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT, ROOT + ".consume..", ROOT + ".pipeline..");

  @ArchTest
  static final ArchRule pipelineKnowsNoStepBeforeIt =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".pipeline..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT, ROOT + ".consume..");

  @ArchTest
  static final ArchRule kafkaHasOneDoor =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "..")
          .and()
          .resideOutsideOfPackage(ROOT + ".consume..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule sqlTypesStayInTheStore =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "..")
          .and()
          .resideOutsideOfPackage(ROOT + ".store..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..");

  @ArchTest
  static final ArchRule noOtherServiceIsKnown =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.perilune.ingest..", "dev.perilune.query..", "dev.perilune.standalone..");

  @ArchTest
  static final ArchRule nobodyImportsMain =
      classes()
          .that()
          .haveFullyQualifiedName(ROOT + ".ProcessorMain")
          .should()
          .onlyBeAccessed()
          .byClassesThat()
          .haveFullyQualifiedName(ROOT + ".ProcessorMain");
}
