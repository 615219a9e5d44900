package dev.perilune.query.views;

import static dev.perilune.query.resource.Column.id;
import static dev.perilune.query.resource.Column.json;
import static dev.perilune.query.resource.Column.list;
import static dev.perilune.query.resource.Column.text;
import static dev.perilune.query.resource.Resource.Operation.CREATE;
import static dev.perilune.query.resource.Resource.Operation.DELETE;
import static dev.perilune.query.resource.Resource.Operation.LIST;
import static dev.perilune.query.resource.Resource.Operation.PATCH;
import static dev.perilune.query.resource.Resource.Operation.READ;

import dev.perilune.query.resource.Resource;

/** Saved filters of a project's run lists, shown in the side bar. */
public final class Views {

  public static final Resource VIEWS =
      Resource.inProject("views", "view")
          .column(text("name").required())
          .column(list("data").required())
          .column(json("columns"))
          .column(text("icon"))
          .column(
              text("type", "llm", "thread", "trace", "tool", "retriever")
                  .required()
                  .fixed()
                  .narrowing())
          .column(id("owner_id").shown())
          .renamedBy("name")
          .serving(LIST, READ, CREATE, PATCH, DELETE);

  private Views() {}
}
