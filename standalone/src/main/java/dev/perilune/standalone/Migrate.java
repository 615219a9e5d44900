package dev.perilune.standalone;

import dev.perilune.runtime.config.Env;
import dev.perilune.runtime.config.PgSettings;
import dev.perilune.runtime.db.Migrations;
import dev.perilune.standalone.StandaloneSettings.WantedKeys;

/** Prepares a database for the services: schema, and the first project when its keys are given. */
final class Migrate {

  private Migrate() {}

  /** Runs to the end and returns what was done, for the terminal. */
  static String run(Env env) {
    PgSettings settings = PgSettings.from(env);
    WantedKeys wanted = WantedKeys.from(env);
    if (!wanted.isNone() && !wanted.isComplete()) {
      env.fault(
          "PERILUNE_PROJECT_ID",
          "",
          "set it together with PERILUNE_PRIVATE_KEY and PERILUNE_ORG_KEY, or none of them");
    }
    env.check();
    int applied = Migrations.run(settings);
    if (wanted.isNone()) {
      return applied + " migrations applied";
    }
    FirstProject.ensure(settings, FirstKeys.of(wanted), true);
    return applied + " migrations applied, project " + wanted.projectId() + " is there";
  }
}
