package dev.perilune.standalone;

import dev.perilune.model.RunIds;
import dev.perilune.query.audit.Audit;
import dev.perilune.query.projects.ProjectAdminSql;
import dev.perilune.query.projects.ProjectAdminSql.Listed;
import dev.perilune.query.projects.ProjectSql;
import dev.perilune.query.projects.ProjectSql.NewProject;
import dev.perilune.runtime.config.Env;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Projects and their keys, in the database of an installation that runs or is stopped. */
@Command(
    name = "project",
    description = {
      "Make and list projects, and change their keys.",
      "Works on DATABASE_URL if that is set, else on the data folder (PERILUNE_DATA_DIR), whether or"
          + " not Perilune runs on it."
    },
    synopsisSubcommandLabel = "(create | list | rotate-key)",
    mixinStandardHelpOptions = true)
final class ProjectCommand {
  private static final int LONGEST_NAME = 100;
  private static final String AGENT = "perilune project";

  private final Map<String, String> environment;
  private final PrintStream out;

  ProjectCommand(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
  }

  @Command(
      name = "create",
      description = "Make a project and print its keys: this once, for only hashes are kept.",
      mixinStandardHelpOptions = true)
  void create(
      @Parameters(paramLabel = "NAME", description = "What people call it.") String name,
      @Option(names = "--org", description = "Its organisation (id), if there are several.")
          @Nullable String org) {
    String trimmed = name.strip();
    if (trimmed.isEmpty() || trimmed.length() > LONGEST_NAME || trimmed.indexOf('\0') >= 0) {
      throw new StartRefused("A name has 1 to %d characters.".formatted(LONGEST_NAME));
    }
    try (ProjectDatabase database = ProjectDatabase.open(environment)) {
      UUID owner = organisation(database, org);
      NewProject made =
          database.await(
              new ProjectSql(database.database())
                  .create(owner, trimmed, deed(owner, "project", "create", null)));
      out.println("Project      " + trimmed);
      out.println("Public key   " + made.id() + "   (the project's id)");
      out.println("Private key  " + made.privateKey() + "   (not shown again)");
    }
  }

  @Command(
      name = "list",
      description = "List the projects: id, end of the private key, name.",
      mixinStandardHelpOptions = true)
  void list() {
    try (ProjectDatabase database = ProjectDatabase.open(environment)) {
      UUID org = null;
      for (Listed project : database.await(new ProjectAdminSql(database.database()).projects())) {
        if (!project.org().equals(org)) {
          org = project.org();
          out.println("Organisation " + org + "  " + project.orgName());
        }
        out.println(
            "  %s  …%s  %s"
                .formatted(
                    project.id(),
                    project.keyHint() == null ? "none" : project.keyHint(),
                    project.name()));
      }
    }
  }

  @Command(
      name = "rotate-key",
      description = {
        "Give a project a new private key and print it: this once.",
        "The old one opens nothing any more; running services notice within seconds."
      },
      mixinStandardHelpOptions = true)
  void rotateKey(
      @Parameters(paramLabel = "PROJECT", description = "The project's id.") String project) {
    UUID id = id("PROJECT", project);
    try (ProjectDatabase database = ProjectDatabase.open(environment)) {
      UUID org = ownerOf(database, id);
      UUID key =
          database.await(
              new ProjectSql(database.database())
                  .rotateKey(org, id, deed(org, "api_key", "regenerate", id)));
      Path dataDir = StandaloneSettings.dataDir(new Env(environment));
      FirstKeys.noteRotation(dataDir, id, key);
      out.println("Private key  " + key + "   (not shown again)");
    }
  }

  private static UUID organisation(ProjectDatabase database, @Nullable String wanted) {
    List<UUID> all = database.await(new ProjectAdminSql(database.database()).organisations());
    if (wanted != null) {
      UUID org = id("--org", wanted);
      if (!all.contains(org)) {
        throw new StartRefused("There is no organisation " + org + ".");
      }
      return org;
    }
    if (all.size() != 1) {
      throw new StartRefused(
          all.isEmpty()
              ? "There is no organisation yet: start Perilune once, or run ./perilune migrate with"
                  + " keys."
              : "There are %d organisations: name one with --org. ./perilune project list shows them."
                  .formatted(all.size()));
    }
    return all.get(0);
  }

  private static UUID ownerOf(ProjectDatabase database, UUID project) {
    return database.await(new ProjectAdminSql(database.database()).projects()).stream()
        .filter(listed -> listed.id().equals(project))
        .map(Listed::org)
        .findFirst()
        .orElseThrow(() -> new StartRefused("There is no project " + project + "."));
  }

  private static Audit deed(UUID org, String type, String action, @Nullable UUID id) {
    return new Audit(org, null, type, action, id == null ? null : id.toString(), null, AGENT);
  }

  private static UUID id(String name, String text) {
    UUID id = RunIds.parseUuid(text);
    if (id == null) {
      throw new StartRefused(name + " must be an id (a UUID), was " + text);
    }
    return id;
  }
}
