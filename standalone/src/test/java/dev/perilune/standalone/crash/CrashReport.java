package dev.perilune.standalone.crash;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** What was done to the system and what came out of it, as a table. */
record CrashReport(
    CrashPlan plan, Chaos chaos, Ledger ledger, Audit audit, Books books, long runsReadMeanwhile) {

  String text(Duration took) throws SQLException {
    StringBuilder table = new StringBuilder();
    line(table, "seed", plan.seed());
    for (Map.Entry<Strike, Integer> strike : chaos.done().entrySet()) {
      line(table, strike.getKey().toString(), strike.getValue());
    }
    line(table, "services killed in all", servicesKilled());
    line(table, "records redelivered by rewinding", chaos.rewound());
    line(table, "events acknowledged", ledger.events());
    line(table, "events posted again", ledger.eventsAgain());
    line(table, "batches posted again, why", ledger.refusals());
    line(table, "duplicates in the log", books.records() - ledger.events());
    line(table, "runs expected", ledger.runs().size());
    line(table, "runs visible", books.runs().size());
    line(table, "runs read meanwhile", runsReadMeanwhile);
    line(table, "users expected", ledger.users().size());
    line(table, "users visible", books.users().size());
    line(table, "dead letters", books.deadLetters());
    line(table, "tokens expected", audit.tokens());
    line(table, "tokens visible", books.tokens());
    line(table, "USD expected", audit.costUsd().toPlainString());
    line(table, "USD visible", books.costUsd().toPlainString());
    line(table, "seconds", took.toSeconds());
    return table.toString();
  }

  private int servicesKilled() {
    return chaos.done().entrySet().stream()
        .filter(strike -> strike.getKey().killsService())
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private static void line(StringBuilder table, String what, Object value) {
    table.append("%-34s %s%n".formatted(what, value));
  }
}
