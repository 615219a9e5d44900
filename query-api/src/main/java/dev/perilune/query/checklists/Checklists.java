package dev.perilune.query.checklists;

import static dev.perilune.query.resource.Column.id;
import static dev.perilune.query.resource.Column.json;
import static dev.perilune.query.resource.Column.text;
import static dev.perilune.query.resource.Resource.Operation.CREATE;
import static dev.perilune.query.resource.Resource.Operation.DELETE;
import static dev.perilune.query.resource.Resource.Operation.LIST;
import static dev.perilune.query.resource.Resource.Operation.PATCH;
import static dev.perilune.query.resource.Resource.Operation.READ;

import dev.perilune.query.resource.Resource;

/** Sets of checks that evaluations name by slug. Slugs repeat; the newest of a name counts. */
public final class Checklists {

  public static final Resource CHECKLISTS =
      Resource.inProject("checklists", "checklist")
          .column(text("slug").required())
          .column(json("data").required())
          .column(text("type").required().fixed().narrowing())
          .column(id("owner_id").shown())
          .renamedBy("slug")
          .serving(LIST, READ, CREATE, PATCH, DELETE);

  private Checklists() {}
}
