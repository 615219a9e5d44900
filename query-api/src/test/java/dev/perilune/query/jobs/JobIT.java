package dev.perilune.query.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.query.resource.OnResources;
import org.junit.jupiter.api.Test;

class JobIT extends OnResources {
  private static final String REFRESH = "/v1/jobs/refresh-costs";

  @Test
  void noJobIsNoContent() {
    Reply none = get(REFRESH);
    assertEquals(204, none.status());
    assertEquals("", none.body());
    assertEquals(204, get(REFRESH + "/preview").status());
  }

  @Test
  void startedTwiceQuicklyIsTheSameJob() {
    Reply first = post(REFRESH, "");
    assertEquals(202, first.status());

    assertEquals(first.body(), send("POST", REFRESH, SIBLING_KEY, null).body());
    assertEquals(1, api.number("SELECT count(*) FROM job"));
  }

  @Test
  void jobIsShownByTypeAndById() {
    String id = post(REFRESH, "").json().path("jobId").asText();

    JsonNode job = good(get(REFRESH));

    assertEquals(id, job.path("id").asText());
    assertEquals(ORG, job.path("orgId").asText());
    assertEquals("refresh-costs", job.path("type").asText());
    assertEquals("pending", job.path("status").asText());
    assertEquals(0, job.path("progress").asDouble());
    for (String field : new String[] {"endedAt", "error", "payload"}) {
      assertEquals(true, job.has(field) && job.get(field).isNull(), field);
    }
    assertEquals(job, good(get("/v1/jobs/" + id)));
    assertEquals(job, good(get("/v1/jobs/jobs/" + id)));
  }

  @Test
  void jobThatIsOverGivesWayToANewOne() {
    String first = post(REFRESH, "").json().path("jobId").asText();
    api.execute("UPDATE job SET status = 'done'");

    String second = post(REFRESH, "").json().path("jobId").asText();

    assertNotEquals(first, second);
    assertEquals(404, get("/v1/jobs/" + first).status());
  }

  @Test
  void previewStandsBesideTheJob() {
    post(REFRESH, "");
    assertEquals(202, post(REFRESH + "/preview", "").status());
    assertEquals("refresh-costs-preview", good(get(REFRESH + "/preview")).path("type").asText());
    assertEquals("refresh-costs", good(get(REFRESH)).path("type").asText());
  }

  @Test
  void deletingAJobAlwaysSucceeds() {
    String id = post(REFRESH, "").json().path("jobId").asText();

    assertEquals("{}", good(delete("/v1/jobs/" + id)).toString());

    assertEquals(204, get(REFRESH).status());
    assertEquals("{}", good(delete("/v1/jobs/" + id)).toString());
  }

  @Test
  void anotherOrganisationsJobIsNotThere() {
    String id = post(REFRESH, "").json().path("jobId").asText();

    assertEquals(204, send("GET", REFRESH, FOREIGN_KEY, null).status());
    Reply foreign = send("GET", "/v1/jobs/" + id, FOREIGN_KEY, null);
    assertEquals(404, foreign.status());
    assertEquals("Job not found", foreign.message());
    send("DELETE", "/v1/jobs/" + id, FOREIGN_KEY, null);
    assertEquals(200, get("/v1/jobs/" + id).status());
    assertEquals(404, get("/v1/jobs/no-uuid").status());
  }

  @Test
  void otherKeysAreRefused() {
    for (String key : new String[] {null, PUBLIC_KEY, ORG_KEY}) {
      assertEquals(401, send("POST", REFRESH, key, null).status());
      assertEquals(401, send("GET", "/v1/jobs/" + NOBODYS_ID, key, null).status());
    }
  }
}
