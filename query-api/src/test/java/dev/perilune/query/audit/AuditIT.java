package dev.perilune.query.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.query.runs.QueryTester;
import dev.perilune.query.runs.QueryTester.Reply;
import dev.perilune.testkit.PostgresExtension;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The audit log as its readers see it. */
class AuditIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final String LOG = "/v1/audit-logs";
  private static final String ORG = "11111111-1111-4111-8111-111111111111";
  private static final String FOREIGN_ORG = "99999999-9999-4999-8999-999999999999";
  private static final String ADA = "0c9f0000-0000-4000-8000-000000000001";
  private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

  private QueryTester api;

  @BeforeEach
  void start() {
    api = new QueryTester(POSTGRES.settings());
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
  }

  @Test
  void entriesAreABareListTheNewestFirst() {
    entry("2025-05-01T10:00:00Z", "project", "create", ADA);
    entry("2025-05-03T10:00:00Z", "project", "delete", ADA);
    entry("2025-05-02T10:00:00Z", "project", "rename", ADA);

    assertEquals(List.of("delete", "rename", "create"), actions(LOG));
  }

  @Test
  void anEntryHasEveryFieldInItsOrder() {
    entry("2025-05-01T10:00:00Z", "project", "rename", NOBODY, "user_name", "API key");

    JsonNode entry = api.json(LOG).get(0);

    List<String> names = new ArrayList<>();
    entry.fieldNames().forEachRemaining(names::add);
    assertEquals(
        Arrays.asList(
            "id createdAt updatedAt orgId resourceType resourceId action userId userName userEmail"
                .concat(" projectId projectName ipAddress userAgent")
                .split(" ")),
        names);
    assertEquals("2025-05-01T10:00:00.000Z", entry.get("createdAt").asText());
    assertEquals(ORG, entry.get("orgId").asText());
    assertEquals(NOBODY, entry.get("userId").asText());
    assertEquals("API key", entry.get("userName").asText());
    assertTrue(entry.get("userEmail").isNull());
    assertTrue(entry.get("projectId").isNull());
  }

  @Test
  void pagesAreCutAndTheHeaderTellsTheTotal() {
    for (int day = 1; day <= 5; day++) {
      entry("2025-05-0" + day + "T10:00:00Z", "view", "create", ADA);
    }

    Reply page = api.get(LOG + "?limit=2&page=2&project_id=x&projectId=y");

    assertEquals(1, QueryTester.tree(page.body()).size());
    assertEquals("5", page.headers().get("X-Total-Count"));
    assertEquals(
        "2025-05-01T10:00:00.000Z", QueryTester.tree(page.body()).get(0).get("createdAt").asText());
  }

  @Test
  void anotherOrganisationsEntriesAreNotThere() {
    api.insert(
        "audit_log",
        "org_id",
        FOREIGN_ORG,
        "resource_type",
        "project",
        "action",
        "create",
        "user_id",
        ADA);

    assertEquals(List.of(), actions(LOG));
    assertEquals("0", api.get(LOG).headers().get("X-Total-Count"));
  }

  @Test
  void pairsThatClientsMayNotKnowAreShownToThoseWhoAsk() {
    entry("2025-05-01T10:00:00Z", "llm_log", "update_tags", ADA);
    entry("2025-05-02T10:00:00Z", "llm_log", "delete", ADA);

    assertEquals(List.of("delete"), actions(LOG));
    assertEquals("1", api.get(LOG).headers().get("X-Total-Count"));
    assertEquals(List.of("delete", "update_tags"), actions(LOG + "?extended=true"));
  }

  @ParameterizedTest
  @CsvSource({
    "userId=0c9f0000-0000-4000-8000-000000000001, rename",
    "resourceType=llm_log, delete",
    "action=invite, invite",
    "filterProjectId=33333333-3333-4333-8333-333333333333, invite",
    "endDate=2025-05-01T10:00:00Z, rename",
    "startDate=2025-05-02T10:00:00.001Z, invite"
  })
  void filtersRestrictTheList(String filter, String action) {
    entry("2025-05-01T10:00:00Z", "project", "rename", ADA);
    entry("2025-05-02T10:00:00Z", "llm_log", "delete", NOBODY);
    entry(
        "2025-05-03T10:00:00Z", "team_member", "invite", NOBODY, "project_id", QueryTester.SIBLING);

    assertEquals(List.of(action), actions(LOG + "?" + filter));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=501",
        "limit=-1",
        "limit=ten",
        "page=-1",
        "page=x",
        "userId=ada",
        "filterProjectId=x",
        "startDate=yesterday",
        "extended=perhaps",
        "action=%00"
      })
  void aMalformedParameterIsNamed(String parameter) {
    Reply reply = api.get(LOG + "?" + parameter);

    assertEquals(422, reply.status(), reply.body());
    String name = parameter.substring(0, parameter.indexOf('='));
    assertTrue(reply.body().contains("\\\"" + name + "\\\""), reply.body());
  }

  @Test
  void onlyPrivateKeysReadTheLog() {
    assertEquals(401, api.getAnonymously(LOG).status());
    assertEquals(401, api.get(LOG, QueryTester.PROJECT).status());
    assertEquals(401, api.get(LOG, QueryTester.ORG_KEY).status());
    assertEquals(200, api.get(LOG).status());
  }

  private List<String> actions(String path) {
    List<String> actions = new ArrayList<>();
    api.json(path).forEach(entry -> actions.add(entry.get("action").asText()));
    return actions;
  }

  private void entry(
      String at, String resource, String action, String user, String... columnsAndValues) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "org_id",
                ORG,
                "created_at",
                at,
                "updated_at",
                at,
                "resource_type",
                resource,
                "action",
                action,
                "user_id",
                user));
    all.addAll(List.of(columnsAndValues));
    api.insert("audit_log", all.toArray(String[]::new));
  }
}
