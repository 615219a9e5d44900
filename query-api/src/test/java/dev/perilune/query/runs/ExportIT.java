package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.testkit.Eventually;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExportIT extends OnQueryApi {

  private static final String D = "dddddddd-0000-4000-8000-000000000004";
  private static final String LATER = "2025-05-01T12:00:01Z";
  private static final String LAST = "2025-05-01T12:00:02Z";

  @Test
  void aLineOfJsonIsARunAsInListsWithoutEnrichments() {
    call();
    api.insert(
        "run_score",
        "project_id",
        QueryTester.PROJECT,
        "run_id",
        A,
        "label",
        "ok",
        "value",
        "true");
    Download file = export("type=llm&exportFormat=jsonl");
    assertEquals("application/jsonl", file.headers().get("Content-Type"));
    assertEquals(
        "attachment; filename=\"export.jsonl\"", file.headers().get("Content-Disposition"));
    String list = api.get("/v1/runs?limit=1").body().replace(",\"enrichments\":[]", "");
    String listed = list.substring(list.indexOf("[") + 1, list.lastIndexOf("],\"nextCursor"));
    assertEquals(listed + "\n", file.text());
    assertEquals(1, file.rows());
    assertEquals("false", file.trailers().get("X-Perilune-Truncated"));
  }

  @Test
  void csvHasFixedColumnsAndQuotesAsTheStandardSays() {
    call();
    api.run(B, "llm", LATER);
    Download file = export("type=llm&exportFormat=csv&sortField=createdAt");
    assertEquals("text/csv", file.headers().get("Content-Type"));
    assertEquals(
        """
        id,projectId,isPublic,feedback,parentFeedback,feedbacks,type,name,createdAt,endedAt,\
        duration,templateVersionId,templateSlug,cost,tokens,toxicity,tags,input,output,error,\
        status,siblingRunId,params,metadata,user,traceId,scores,firstMessage,messagesCount,\
        parentRunId\r
        "aaaaaaaa-0000-4000-8000-000000000001","22222222-2222-4222-8222-222222222222",false,\
        ,,,"llm","gpt-4o","2025-05-01T12:00:00.000Z","2025-05-01T12:00:01.500Z","00:00:01.5",,,\
        0.0001675,"{""prompt"":11,""cachedPrompt"":0,""completion"":14,""total"":25}",\
        "{""input"":{""isToxic"":null,""labels"":null},\
        ""output"":{""isToxic"":null,""labels"":null}}","[""a"",""b c""]",\
        "[{""role"":""user"",""content"":""line\\none""}]","plain ""text"",
        two lines",,"success",,"{}","{""tenant"":""acme""}",,,"[]",,,\r
        "bbbbbbbb-0000-4000-8000-000000000002","22222222-2222-4222-8222-222222222222",false,\
        ,,,"llm",,"2025-05-01T12:00:01.000Z",,,,,,\
        "{""prompt"":null,""cachedPrompt"":0,""completion"":null,""total"":0}",\
        "{""input"":{""isToxic"":null,""labels"":null},\
        ""output"":{""isToxic"":null,""labels"":null}}",,,,,,,"{}",,,,"[]",,,\r
        """,
        file.text());
    assertEquals(2, file.rows());
  }

  @Test
  void traceNestsItsRunsInTheOrderOfTheirStart() {
    trace();
    Download file = export("type=trace&exportFormat=jsonl");
    assertEquals(1, file.rows());
    JsonNode row = QueryTester.tree(file.text());
    assertEquals(A, row.get("id").asText());
    assertEquals(List.of(B, D), ids(row.get("children")));
    assertEquals(List.of(C), ids(row.at("/children/0/children")));
    assertEquals(0, row.at("/children/0/children/0/children").size());
    assertEquals("filtered", row.at("/children/0/children/0/status").asText());
    assertEquals(B, row.at("/children/0/children/0/parentRunId").asText());

    String csv = export("type=trace&exportFormat=csv").text();
    List<List<String>> table = table(csv);
    assertEquals("children", table.get(0).get(30));
    assertEquals(row.get("children"), QueryTester.tree(table.get(1).get(30)));
    assertEquals(2, table.size());
  }

  @Test
  void aRunThatMatchesBelowAnotherThatMatchesIsInBothPlaces() {
    api.run(A, "agent", NOON);
    api.run(B, "llm", LATER, "parent_run_id", A, "parent_type", "agent");
    api.run(C, "tool", LAST, "parent_run_id", B, "parent_type", "llm");
    String[] lines = export("OR&type=trace&type=llm&exportFormat=jsonl").text().split("\n");
    assertEquals(2, lines.length);
    assertEquals(List.of(C), ids(QueryTester.tree(lines[0]).get("children")));
    JsonNode trace = QueryTester.tree(lines[1]);
    assertEquals(List.of(B), ids(trace.get("children")));
    assertEquals(List.of(C), ids(trace.at("/children/0/children")));
  }

  @Test
  void conversationsHaveTheirMessagesWithTheTimeOfEach() {
    thread();
    Download file = export("type=thread&exportFormat=jsonl");
    JsonNode row = QueryTester.tree(file.text());
    for (String absent : List.of("parentFeedback", "input", "traceId", "feedback", "params")) {
      assertFalse(row.has(absent), absent);
    }
    assertFalse(row.has("children"));
    assertEquals(
        """
        [{"role":"user","content":"hi","createdAt":"2025-05-01T12:00:01.000Z"},\
        {"role":"assistant","content":"well","createdAt":"2025-05-01T12:00:02.000Z"},\
        {"role":"user","content":"old","createdAt":"2025-05-01T12:00:02.000Z"},\
        {"role":"assistant","content":"way","createdAt":"2025-05-01T12:00:02.000Z"}]\
        """,
        row.get("messages").toString());

    List<List<String>> table = table(export("type=thread&exportFormat=csv").text());
    int children = table.get(0).indexOf("children");
    assertEquals(List.of("children", "messages"), table.get(0).subList(children, children + 2));
    assertEquals(List.of(B, C), ids(QueryTester.tree(table.get(1).get(children))));
    assertEquals(row.get("messages"), QueryTester.tree(table.get(1).get(children + 1)));
  }

  @Test
  void fineTuningLinesAreOfRunsThatAreMadeOfMessages() {
    call();
    api.run(B, "llm", LATER);
    api.payload(
        B,
        LATER,
        "input",
        "[{\"role\":\"user\",\"content\":\"q\",\"toolCalls\":[]}]",
        "output",
        "{\"role\":\"assistant\",\"content\":null,\"toolCalls\":[{\"functionName\":{\"argA\":1}}]}");
    Download file = export("type=llm&exportFormat=ojsonl");
    assertEquals(
        """
        {"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"",\
        "tool_calls":[{"function_name":{"arg_a":1}}]}]}
        """,
        file.text());
    assertEquals(1, file.rows());
  }

  @Test
  void nothingIsAnEmptyFile() {
    for (String format : List.of("csv", "jsonl", "ojsonl")) {
      Download file = export("type=llm&exportFormat=" + format);
      assertEquals(200, file.status());
      assertEquals("", file.text());
      assertEquals(0, file.rows());
    }
  }

  @Test
  void parametersThatAreMissingOrWrongAreNamed() {
    assertEquals(
        "{\"error\":\"Error\",\"message\":\"Validation error: Expected one of csv, jsonl, ojsonl,"
            + " parquet, was nothing at \\\"exportFormat\\\"\"}",
        export("type=llm").text());
    assertEquals(422, export("exportFormat=csv").status());
    assertEquals(422, export("type=agent&exportFormat=csv").status());
    assertEquals(422, export("type=llm&exportFormat=xml").status());
    assertEquals(401, Download.of(api.port(), PATH + "type=llm", QueryTester.PROJECT).status());
    assertEquals(401, api.getAnonymously(PATH + "type=llm&exportFormat=csv").status());
  }

  @Test
  void allRowsComeInTheirOrderWhateverThePiecesAre() {
    api.execute(
        "INSERT INTO run (project_id, id, type, created_at, cost)"
            + " SELECT ?, md5(n::text)::uuid, 'llm', ?::timestamptz + n * interval '1 ms', n"
            + " FROM generate_series(1, 2500) n",
        QueryTester.PROJECT,
        NOON);
    Download file = export("type=llm&exportFormat=jsonl&sortField=cost&sortDirection=desc");
    String[] lines = file.text().split("\n");
    assertEquals(2500, lines.length);
    assertEquals(2500, file.rows());
    for (int i = 0; i < lines.length; i++) {
      assertEquals(2500 - i, QueryTester.tree(lines[i]).get("cost").asInt());
    }
    assertEquals(1500, export("type=llm&exportFormat=jsonl&page=2&limit=500").rows());
  }

  @Test
  void anotherProjectsRunsAreNotExported() {
    api.insert(
        "run", "project_id", QueryTester.SIBLING, "id", A, "type", "llm", "created_at", NOON);
    assertEquals("", export("type=llm&exportFormat=jsonl").text());
  }

  @Test
  void aCallerWhoGoesAwayStopsTheQuery() throws Exception {
    api.run(A, "llm", NOON);
    api.execute(
        "INSERT INTO run (project_id, id, type, created_at)"
            + " SELECT ?, md5(n::text)::uuid, 'llm', ?::timestamptz + n * interval '1 ms'"
            + " FROM generate_series(1, 30000) n",
        QueryTester.PROJECT,
        NOON);
    api.execute(
        "INSERT INTO run_payload (project_id, run_id, created_at, input)"
            + " SELECT project_id, id, created_at, to_json(repeat(id::text, 20))::text FROM run");
    try (Socket socket = new Socket("127.0.0.1", api.port())) {
      socket.setReceiveBufferSize(4096);
      socket
          .getOutputStream()
          .write(
              ("GET "
                      + PATH
                      + "type=llm&exportFormat=jsonl HTTP/1.1\r\nHost: x\r\n"
                      + "Authorization: Bearer "
                      + QueryTester.PRIVATE_KEY
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.UTF_8));
      InputStream answer = socket.getInputStream();
      assertEquals("HTTP/1.1 200", new String(answer.readNBytes(12), StandardCharsets.UTF_8));
      assertEquals(1, exporting());
    }
    Eventually.get(
        "the end of the export",
        Duration.ofSeconds(10),
        () -> Optional.of(exporting()).filter(count -> count == 0));
    // and its place is free again
    assertEquals(200, export("type=llm&exportFormat=ojsonl").status());
  }

  private long exporting() {
    return api.number(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND backend_xmin IS NOT NULL AND pid <> pg_backend_pid()"
            + " AND application_name = 'perilune'");
  }

  private void call() {
    api.run(
        A,
        "llm",
        NOON,
        "name",
        "gpt-4o",
        "status",
        "success",
        "ended_at",
        "2025-05-01T12:00:01.5Z",
        "cost",
        "0.00016750",
        "prompt_tokens",
        "11",
        "completion_tokens",
        "14",
        "tags",
        "{a,\"b c\"}",
        "metadata",
        "{\"tenant\": \"acme\"}");
    api.payload(
        A,
        NOON,
        "input",
        "{\"input\":[{\"role\":\"user\",\"content\":\"line\\none\"}]}",
        "output",
        "\"plain \\\"text\\\",\\ntwo lines\"");
  }

  private void trace() {
    api.run(A, "agent", NOON);
    api.run(B, "chain", LATER, "parent_run_id", A, "parent_type", "agent");
    api.run(C, "llm", LAST, "parent_run_id", B, "parent_type", "chain", "status", "success");
    api.payload(C, LAST, "input", "\"__NOT_INGESTED__\"");
    api.run(D, "tool", LAST, "parent_run_id", A, "parent_type", "agent");
  }

  private void thread() {
    api.run(A, "thread", NOON);
    api.run(B, "chat", LATER, "parent_run_id", A, "ended_at", LAST);
    api.payload(
        B,
        LATER,
        "input",
        "[{\"role\":\"user\",\"content\":\"hi\"}]",
        "output",
        "[{\"role\":\"assistant\",\"content\":\"well\"}]");
    api.run(C, "chat", LAST, "parent_run_id", A);
    api.payload(C, LAST, "input", "\"old\"", "output", "[ \"way\" ]");
    api.run(D, "agent", LAST, "parent_run_id", A);
  }

  private static final String PATH = "/v1/runs/export?";

  private Download export(String query) {
    return Download.of(api.port(), PATH + query, QueryTester.PRIVATE_KEY);
  }

  private static List<String> ids(JsonNode rows) {
    List<String> ids = new ArrayList<>();
    rows.forEach(row -> ids.add(row.get("id").asText()));
    return ids;
  }

  /** Reads CSV as its standard says. */
  private static List<List<String>> table(String csv) {
    List<List<String>> rows = new ArrayList<>(List.of(new ArrayList<>()));
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int at = 0; at < csv.length(); at++) {
      char c = csv.charAt(at);
      if (quoted && c == '"' && at + 1 < csv.length() && csv.charAt(at + 1) == '"') {
        cell.append(csv.charAt(++at));
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == '\r')) {
        rows.get(rows.size() - 1).add(cell.toString());
        cell.setLength(0);
      } else if (!quoted && c == '\n') {
        rows.add(new ArrayList<>());
      } else {
        cell.append(c);
      }
    }
    rows.remove(rows.size() - 1);
    return rows;
  }
}
