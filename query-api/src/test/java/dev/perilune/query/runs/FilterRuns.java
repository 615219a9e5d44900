package dev.perilune.query.runs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Eight runs that differ in everything a filter can ask for, started a second apart. They are
 * called by letters: {@code a} and {@code b} are models, {@code c} a tool below the agent {@code
 * d}, {@code e} a chain below the message {@code h} of the thread {@code g}, {@code f} an event.
 */
final class FilterRuns {

  private static final String LETTERS = "abcdefgh";
  private static final String FIRST_DIGITS = "abcdef98";
  private static final String ALIAS_OF_D = "12345678-0000-4000-8000-000000000000";

  private static final List<String> SIDES = List.of("input", "output", "error");

  private final QueryTester api;

  private FilterRuns(QueryTester api) {
    this.api = api;
  }

  static void insert(QueryTester api) {
    FilterRuns runs = new FilterRuns(api);
    runs.others();
    runs.models();
    runs.trace();
    runs.conversation();
    runs.evaluations();
  }

  /** The id of the run with that letter. */
  static String id(char letter) {
    char digit = FIRST_DIGITS.charAt(LETTERS.indexOf(letter));
    return digit + "0000000-0000-4000-8000-000000000000";
  }

  /** The letters of these runs. */
  static String letters(List<String> ids) {
    return ids.stream()
        .map(id -> LETTERS.substring(FIRST_DIGITS.indexOf(id.charAt(0))).substring(0, 1))
        .collect(Collectors.joining());
  }

  private void others() {
    user(
        QueryTester.PROJECT,
        "12",
        "user-42",
        """
        {"plan": "pro", "age": 3, "vip": true, "gone": null}""");
    user(QueryTester.PROJECT, "13", "user-43", "{\"plan\": \"free\"}");
    user(QueryTester.FOREIGN, "12", "foreign", "{\"plan\": \"foreign\"}");
    template(QueryTester.PROJECT, "3", "7");
    template(QueryTester.PROJECT, "4", "8");
    template(QueryTester.FOREIGN, "5", "9");
  }

  private void user(String project, String id, String externalId, String props) {
    api.execute(
        "INSERT INTO external_user (project_id, id, external_id, props, created_at, last_seen)"
            + " OVERRIDING SYSTEM VALUE VALUES (?, ?, ?, ?, now(), now())",
        project,
        id,
        externalId,
        props);
  }

  private void template(String project, String id, String version) {
    api.execute(
        "INSERT INTO template (project_id, id, slug) OVERRIDING SYSTEM VALUE VALUES (?, ?, 'x')",
        project,
        id);
    api.execute(
        "INSERT INTO template_version (project_id, template_id, id)"
            + " OVERRIDING SYSTEM VALUE VALUES (?, ?, ?)",
        project,
        id,
        version);
  }

  private void models() {
    run(
        'a',
        "llm",
        "name",
        "gpt-4o",
        "status",
        "success",
        "ended_at",
        "2025-05-01T12:00:02.5Z",
        "tags",
        "{a,b}",
        "cost",
        "0.5",
        "prompt_tokens",
        "100",
        "completion_tokens",
        "50",
        "external_user_id",
        "12",
        "template_version_id",
        "7",
        "feedback",
        "{\"thumb\": \"up\"}",
        "metadata",
        """
        {"tenant": "acme.io", "n": 1, "f": 1.5, "flag": true, "nil": null}""");
    texts(
        'a',
        "[{\"role\":\"user\",\"content\":\"Hello, World\"}]",
        "{\"role\":\"assistant\",\"content\":\"Straße ΣΊΣΥΦΟΣ Привет İstanbul.\"}");
    // a template of somebody else, told by an event
    run(
        'b',
        "llm",
        "name",
        "gpt-3.5-turbo",
        "status",
        "error",
        "ended_at",
        "2025-05-01T12:00:02Z",
        "tags",
        "{a}",
        "cost",
        "0.01",
        "prompt_tokens",
        "10",
        "completion_tokens",
        "0",
        "external_user_id",
        "13",
        "template_version_id",
        "9",
        "metadata",
        """
        {"n": "1", "flag": "true", "nil": "null"}""");
    texts(
        'b',
        "{\"content\":\"hello été, once more with feeling\",\"role\":\"user\"}",
        "\"rises by 100%\"",
        "{\"message\":\"Boom\"}");
  }

  private void trace() {
    run(
        'c',
        "tool",
        "name",
        "Web Search",
        "status",
        "success",
        "ended_at",
        "2025-05-01T12:00:03Z",
        "tags",
        "{c,a b}",
        "parent_run_id",
        ALIAS_OF_D,
        "parent_type",
        "agent",
        "feedback",
        "{\"thumb\": \"up\"}");
    texts('c', "\"say \\\"hi\\\" 日本 a\\nB\"", "\"ok\"");
    run('d', "agent", "name", "planner", "status", "success", "ended_at", "2025-05-01T12:00:04Z");
    api.insert("run_alias", "project_id", QueryTester.PROJECT, "id", ALIAS_OF_D, "run_id", id('d'));
    run('e', "chain", "status", "started", "parent_run_id", id('h'), "parent_type", "chat");
    run('f', "custom-event", "name", "open");
  }

  private void conversation() {
    run('g', "thread");
    run(
        'h',
        "chat",
        "parent_run_id",
        id('g'),
        "parent_type",
        "thread",
        "feedback",
        "{\"thumb\": \"down\", \"comment\": \"no\"}");
    // an exchange as older clients report it: one message, beside two that are told one by one
    texts('h', "\"hm\"");
    message("1");
    message("2");
  }

  private void message(String position) {
    api.insert(
        "thread_message",
        "project_id",
        QueryTester.PROJECT,
        "thread_id",
        id('g'),
        "at_micros",
        position,
        "position",
        "0",
        "tie",
        position,
        "kind",
        "chat",
        "message_id",
        "00000000-0000-4000-8000-00000000000" + position);
  }

  private void evaluations() {
    result(
        'a', "language", "{\"input\":[{\"isoCode\":\"en\"}],\"output\":[null],\"error\":[null]}");
    result('b', "language", "{\"input\":[null,{\"isoCode\":\"fr\"}],\"output\":[null]}");
    result(
        'a',
        "pii",
        "{\"input\":[null,[{\"type\":\"email\",\"entity\":\"a@b.co\"}]],\"output\":[null]}");
    result('b', "pii", "{\"input\":[null],\"output\":[[]],\"error\":[null]}");
    result(
        'b',
        "topics",
        "{\"input\":[[{\"topic\":\"Support\"},{\"topic\":\"Billing\"}]],\"output\":[null]}");
    result('g', "intent", "{\"input\":[{\"intents\":[{\"label\":\"Refund\"}]}],\"output\":[]}");
    result('a', "toxicity", "{\"toxicInput\":false,\"toxicOutput\":true}");
    result('b', "toxicity", "{\"toxic_input\":true,\"toxic_output\":false}");
    result(
        'a',
        "sentiment",
        "{\"input\":[{\"label\":\"negative\"},{\"label\":\"positive\"}],"
            + "\"output\":[{\"label\":\"neutral\"}]}");
  }

  private void result(char letter, String type, String result) {
    api.execute(
        "WITH made AS (INSERT INTO evaluator (project_id, name, slug, type) VALUES (?, ?, ?, ?)"
            + " RETURNING project_id, id)"
            + " INSERT INTO evaluation_result_v2 (project_id, evaluator_id, run_id, result)"
            + " SELECT project_id, id, ?::uuid, ?::jsonb FROM made",
        QueryTester.PROJECT,
        type,
        type,
        type,
        id(letter),
        result);
  }

  private void run(char letter, String type, String... columnsAndValues) {
    api.run(id(letter), type, start(letter), columnsAndValues);
  }

  private void texts(char letter, String... inputOutputError) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < inputOutputError.length; i++) {
      columns.add(SIDES.get(i));
      columns.add(inputOutputError[i]);
    }
    api.payload(id(letter), start(letter), columns.toArray(String[]::new));
  }

  private static String start(char letter) {
    return "2025-05-01T12:00:0" + LETTERS.indexOf(letter) + "Z";
  }
}
