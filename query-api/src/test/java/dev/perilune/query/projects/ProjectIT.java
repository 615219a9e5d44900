package dev.perilune.query.projects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.query.resource.OnResources;
import dev.perilune.query.runs.QueryTester;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ProjectIT extends OnResources {
  private static final String PROJECTS = "/v1/projects";
  private static final String OWN = PROJECTS + "/" + PROJECT;

  @Test
  void organisationSeesItsProjectsWithMaskedKeys() {
    JsonNode projects = good(byOrg("GET", PROJECTS, null));

    assertEquals(2, projects.size());
    JsonNode project = find(projects, PROJECT);
    assertEquals("one", project.path("name").asText());
    assertEquals(ORG, project.path("orgId").asText());
    assertEquals(PROJECT, project.path("publicApiKey").asText());
    assertEquals("********-****-****-****-********aaaa", project.path("privateApiKey").asText());
    assertEquals(2, project.path("projects").size());
    assertFalse(project.path("activated").asBoolean());
    for (String empty : List.of("dataRetentionDays", "filters", "homeDashboardId")) {
      assertTrue(project.has(empty) && project.get(empty).isNull(), empty);
    }
    assertFalse(projects.toString().contains(KEY.toLowerCase(java.util.Locale.ROOT)));
  }

  @Test
  void privateKeySeesItsOwnProjectAlone() {
    JsonNode projects = good(get(PROJECTS));

    assertEquals(1, projects.size());
    assertEquals(PROJECT, projects.get(0).path("id").asText());
    assertEquals("[\"" + PROJECT + "\"]", projects.get(0).path("projects").toString());
  }

  @Test
  void projectIsActivatedByItsFirstRunAndKnowsItsHomeAndRule() {
    api.execute(
        "INSERT INTO run (project_id, id, type, created_at) VALUES (?, ?, 'llm', now())",
        PROJECT,
        NOBODYS_ID);
    String home = good(get("/v1/dashboards")).get(0).path("id").asText();
    good(post(OWN + "/rules", "{\"type\":\"masking\"}"));
    good(post(OWN + "/rules", "{\"type\":\"filtering\",\"filters\":[\"AND\"]}"));

    JsonNode project = good(get(PROJECTS)).get(0);

    assertTrue(project.path("activated").asBoolean());
    assertEquals(home, project.path("homeDashboardId").asText());
    assertEquals("[\"AND\"]", project.path("filters").toString());
  }

  @Test
  void newProjectIsShownItsKeyOnceAndWorksAtOnce() {
    JsonNode made = good(byOrg("POST", PROJECTS, "{\"name\":\"  Third  \"}"));

    String key = made.path("privateApiKey").asText();
    assertEquals("Third", made.path("name").asText());
    assertTrue(made.path("dataRetentionDays").isNull());
    assertEquals(200, send("GET", "/v1/views", key, null).status());
    JsonNode later = find(good(byOrg("GET", PROJECTS, null)), made.path("id").asText());
    assertTrue(later.path("privateApiKey").asText().startsWith("********-"));
    assertTrue(key.endsWith(later.path("privateApiKey").asText().substring(32)));
    assertEquals(made.path("createdAt"), later.path("createdAt"));
    assertEquals(
        5, api.number("SELECT count(*) FROM evaluator WHERE kind = 'builtin' AND mode = 'normal'"));
    assertEquals(
        0,
        api.number("SELECT count(*) FROM api_key WHERE encode(key_hash, 'hex') = '" + key + "'"));
    assertEquals("create", lastAudit("project"));
  }

  @Test
  void privateKeysCannotMakeOrDeleteProjects() {
    assertEquals(403, post(PROJECTS, "{\"name\":\"x\"}").status());
    Reply refused = delete(OWN);
    assertEquals(401, refused.status());
    assertEquals("Not allowed", refused.message());
    assertEquals(3, api.number("SELECT count(*) FROM project WHERE deleted_at IS NULL"));
  }

  @Test
  void namesAreCheckedWhenProjectsAreMade() {
    for (String body :
        List.of(
            "{}", "{\"name\":\" \"}", "{\"name\":7}", "{\"name\":\"" + "x".repeat(101) + "\"}")) {
      Reply refused = byOrg("POST", PROJECTS, body);
      assertEquals(422, refused.status(), body);
      assertTrue(refused.message().endsWith("at \"name\""), refused.message());
    }
  }

  @Test
  void renamingIsWrittenDownAndAnEmptyNameIsIgnored() {
    assertEquals("{}", good(patch(OWN, "{\"name\":\"New name\"}")).toString());
    assertEquals("{}", good(patch(OWN, "{\"name\":\"\"}")).toString());

    assertEquals("New name", good(get(PROJECTS)).get(0).path("name").asText());
    JsonNode newest = good(get("/v1/audit-logs")).get(0);
    assertEquals("project", newest.path("resourceType").asText());
    assertEquals("rename", newest.path("action").asText());
    assertEquals(PROJECT, newest.path("resourceId").asText());
  }

  @Test
  void retentionIsOneOfAFewOrUnlimited() {
    assertEquals("{}", good(patch(OWN, "{\"dataRetentionDays\":\"90\"}")).toString());
    assertEquals(90, retention());
    good(byOrg("PATCH", OWN, "{\"dataRetentionDays\":365}"));
    assertEquals(365, retention());
    for (String wrong : List.of("31", "\"soon\"", "-30", "30.5", "[]")) {
      assertEquals(422, patch(OWN, "{\"dataRetentionDays\":" + wrong + "}").status(), wrong);
    }
    assertEquals("{}", good(patch(OWN, "{\"dataRetentionDays\":\"unlimited\"}")).toString());
    assertTrue(good(get(PROJECTS)).get(0).path("dataRetentionDays").isNull());
  }

  @Test
  void rotatedKeyDiesAtOnce() {
    assertEquals(200, get("/v1/views").status());

    String fresh =
        good(byOrg("POST", OWN + "/regenerate-key", "{\"type\":\"private\"}"))
            .path("apiKey")
            .asText();

    Reply old = get("/v1/views");
    assertEquals(401, old.status());
    assertEquals("Invalid API key", old.message());
    assertEquals(200, send("GET", "/v1/views", fresh, null).status());
    assertEquals("regenerate", lastAudit("api_key"));
    assertEquals(1, good(send("GET", "/v1/audit-logs", fresh, null)).size());
  }

  @Test
  void privateKeyMayRotateItselfAndPublicKeysStay() {
    assertEquals("{}", good(post(OWN + "/regenerate-key", "{\"type\":\"public\"}")).toString());
    assertEquals(422, post(OWN + "/regenerate-key", "{\"type\":\"other\"}").status());
    assertEquals(422, post(OWN + "/regenerate-key", "{}").status());

    String fresh =
        good(post(OWN + "/regenerate-key", "{\"type\":\"private\"}")).path("apiKey").asText();

    assertNotEquals(KEY, fresh);
    assertEquals(200, send("GET", "/v1/views", fresh, null).status());
  }

  @Test
  void keysOfADeletedProjectDieAtOnce() {
    assertEquals(200, get("/v1/views").status());
    String feedback = "/v1/runs/" + NOBODYS_ID + "/feedback";
    assertNotEquals(401, send("GET", feedback, PUBLIC_KEY, null).status());

    assertEquals("{}", good(byOrg("DELETE", OWN, null)).toString());

    assertEquals(401, get("/v1/views").status());
    assertEquals(401, send("GET", feedback, PUBLIC_KEY, null).status());
    assertEquals(404, byOrg("PATCH", OWN, "{\"name\":\"x\"}").status());
    assertEquals(404, byOrg("DELETE", OWN, null).status());
    assertEquals(1, good(byOrg("GET", PROJECTS, null)).size());
    assertEquals("delete", lastAudit("project"));
  }

  @Test
  void lastProjectOfAnOrganisationStays() {
    good(byOrg("DELETE", OWN, null));

    Reply refused = byOrg("DELETE", PROJECTS + "/" + QueryTester.SIBLING, null);

    assertEquals(422, refused.status());
    assertEquals("Deletion Failed", refused.json().path("error").asText());
  }

  @Test
  void twoDeletionsAtOnceLeaveOneProject() {
    List<CompletableFuture<Reply>> both = new ArrayList<>();
    for (String project : List.of(PROJECT, QueryTester.SIBLING)) {
      both.add(
          CompletableFuture.supplyAsync(() -> byOrg("DELETE", PROJECTS + "/" + project, null)));
    }
    both.forEach(CompletableFuture::join);

    assertEquals(1, good(byOrg("GET", PROJECTS, null)).size());
  }

  @Test
  void otherOrganisationsProjectsAreNotThere() {
    String foreign = PROJECTS + "/" + QueryTester.FOREIGN;
    for (String key : List.of(KEY, ORG_KEY)) {
      assertEquals(404, send("PATCH", foreign, key, "{\"name\":\"x\"}").status());
      assertEquals(
          404, send("POST", foreign + "/regenerate-key", key, "{\"type\":\"private\"}").status());
      assertEquals(404, send("GET", foreign + "/rules", key, null).status());
      assertEquals(404, send("POST", foreign + "/rules", key, "{\"type\":\"masking\"}").status());
      assertEquals(404, send("DELETE", foreign + "/rules", key, null).status());
    }
    assertEquals(404, byOrg("DELETE", foreign, null).status());
    assertEquals(404, patch(PROJECTS + "/" + QueryTester.SIBLING, "{\"name\":\"x\"}").status());
    assertEquals(404, byOrg("PATCH", PROJECTS + "/no-uuid", "{}").status());
  }

  @Test
  void publicKeysAndNobodyAreRefused() {
    for (String key : new String[] {null, PUBLIC_KEY, NOBODYS_ID}) {
      assertEquals(401, send("GET", PROJECTS, key, null).status());
      assertEquals(401, send("POST", PROJECTS, key, "{\"name\":\"x\"}").status());
      assertEquals(401, send("DELETE", OWN, key, null).status());
      assertEquals(401, send("GET", OWN + "/rules", key, null).status());
    }
  }

  private Reply byOrg(String method, String path, String body) {
    return send(method, path, ORG_KEY, body);
  }

  private int retention() {
    return good(get(PROJECTS)).get(0).path("dataRetentionDays").asInt();
  }

  private String lastAudit(String type) {
    for (String action : List.of("create", "rename", "delete", "regenerate")) {
      String last =
          """
          SELECT count(*) FROM (SELECT resource_type, action FROM audit_log
           ORDER BY created_at DESC LIMIT 1) l WHERE resource_type = '%s' AND action = '%s'
          """;
      if (api.number(last.formatted(type, action)) == 1) {
        return action;
      }
    }
    return "none";
  }

  private static JsonNode find(JsonNode projects, String id) {
    for (JsonNode project : projects) {
      if (project.path("id").asText().equals(id)) {
        return project;
      }
    }
    throw new AssertionError(projects.toString());
  }
}
