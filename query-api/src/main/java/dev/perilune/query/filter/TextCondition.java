package dev.perilune.query.filter;

import java.util.List;
import java.util.stream.Collectors;

/** Runs whose texts contain something, told from the JSON texts as they are stored. */
sealed interface TextCondition extends Condition {

  // OFFSET 0 keeps it a look at one run's texts, never a join that reads everybody's
  String TEXTS =
      """
      EXISTS (SELECT FROM run_payload p
               WHERE p.project_id = r.project_id AND p.run_id = r.id
                 AND p.created_at = r.created_at AND (%s) OFFSET 0)\
      """;

  /** The text is in the input, the output or the error, whatever its case. */
  record Search(SearchText text) implements TextCondition {
    @Override
    public String sql(SqlArguments arguments) {
      List<String> spellings = text.spellings().stream().map(arguments::foldedOnce).toList();
      return TEXTS.formatted(
          List.of("p.input", "p.output", "p.error").stream()
              .flatMap(
                  side ->
                      spellings.stream()
                          .map(
                              spelling ->
                                  "strpos(%s, %s) > 0"
                                      .formatted(SqlArguments.folded(side), spelling)))
              .collect(Collectors.joining(" OR ")));
    }
  }

  /** What a text may be to another one. */
  enum Relation {
    CONTAINS,
    CONTAINS_NOT,
    STARTS,
    ENDS;

    static Relation named(String name) {
      return switch (name) {
        case "notcontains" -> CONTAINS_NOT;
        case "starts" -> STARTS;
        case "ends" -> ENDS;
        default -> CONTAINS;
      };
    }
  }

  /**
   * The text is, or is not, somewhere in the input or output.
   *
   * @param sides {@code input}, {@code output} or both, of which one is enough
   */
  record Match(List<String> sides, Relation relation, boolean caseMatters, String text)
      implements TextCondition {

    static Match of(FilterValues values) {
      String sides = values.text(0);
      return new Match(
          sides.equals("any") ? List.of("input", "output") : List.of(sides),
          Relation.named(values.text(1)),
          values.flag(2),
          values.text(3));
    }

    @Override
    public String sql(SqlArguments arguments) {
      List<String> wanted =
          switch (relation) {
            case CONTAINS, CONTAINS_NOT -> new SearchText(text).spellings();
            case STARTS, ENDS -> List.of(RegexText.of(inside(), relation == Relation.STARTS));
          };
      List<String> texts =
          wanted.stream()
              .map(one -> caseMatters ? arguments.add(one) + "::text" : arguments.foldedOnce(one))
              .toList();
      String found =
          TEXTS.formatted(
              sides.stream()
                  .flatMap(side -> texts.stream().map(one -> matches("p." + side, one)))
                  .collect(Collectors.joining(" OR ")));
      return relation == Relation.CONTAINS_NOT ? "NOT " + found : found;
    }

    private String matches(String side, String wanted) {
      String stored = caseMatters ? side : SqlArguments.folded(side);
      return switch (relation) {
        case CONTAINS, CONTAINS_NOT -> "strpos(%s, %s) > 0".formatted(stored, wanted);
        case STARTS, ENDS -> "%s ~ %s".formatted(stored, wanted);
      };
    }

    /** The text as it is spelled inside of a JSON string. */
    private String inside() {
      List<String> spellings = new SearchText(text).spellings();
      return spellings.get(spellings.size() - 1);
    }
  }
}
