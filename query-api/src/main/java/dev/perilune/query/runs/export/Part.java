package dev.perilune.query.runs.export;

/** As what a run appears in an export. */
enum Part {
  /** A row of its own: a run that the query matches. */
  ROW("row"),

  /** Below the row before it. */
  CHILD("children"),

  /** An exchange of the conversation before it, of which only the messages are shown. */
  MESSAGES("messages");

  private final String field;

  Part(String field) {
    this.field = field;
  }

  /** The field or column that holds it. */
  String field() {
    return field;
  }
}
