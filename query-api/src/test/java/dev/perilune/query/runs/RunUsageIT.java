package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunUsageIT extends OnQueryApi {

  private static final Instant DAY = Instant.now().truncatedTo(ChronoUnit.DAYS);
  private static final Instant YESTERDAY = DAY.minus(1, ChronoUnit.DAYS);

  @Test
  void useIsToldByNameAndType() {
    insert();
    assertEquals(
        """
        [{"name":"gpt-4o","type":"llm","completionTokens":11,"promptTokens":30,"cost":0.013125,\
        "errors":1,"success":1},\
        {"name":null,"type":"agent","completionTokens":0,"promptTokens":0,"cost":0,"errors":0,\
        "success":0}]\
        """,
        api.get("/v1/runs/usage?days=3").body());
  }

  @Test
  void dailyTellsEachDayApartAndRunsThatTookNoTimeToo() {
    insert();
    assertEquals(
        """
        [{"date":"%1$s","name":"gpt-4o","type":"llm","completionTokens":10,"promptTokens":20,\
        "cost":0.013,"errors":0,"success":1},\
        {"date":"%1$s","name":null,"type":"agent","completionTokens":0,"promptTokens":0,"cost":0,\
        "errors":0,"success":0},\
        {"date":"%2$s","name":"gpt-4o","type":"llm","completionTokens":1,"promptTokens":10,\
        "cost":0.000125,"errors":1,"success":0}]\
        """
            .formatted(
                YESTERDAY.toString().replace("Z", ".000Z"), DAY.toString().replace("Z", ".000Z")),
        api.get("/v1/runs/usage?days=3.9x&daily=yes").body());
  }

  @Test
  void aUserCountsAloneAndAWindowEnds() {
    insert();
    assertEquals(1, api.json("/v1/runs/usage?days=3&userId=5").size());
    assertEquals(0.000125, api.json("/v1/runs/usage?days=3&userId=5").at("/0/cost").asDouble());
    assertEquals("[]", api.get("/v1/runs/usage?days=0").body());
    assertEquals("[]", api.get("/v1/runs/usage?days=-5").body());
    assertEquals(2, api.json("/v1/runs/usage?days=99999999999").size());
  }

  @Test
  void unusableParametersAreABadRequest() {
    for (String query : List.of("", "days=", "days=x", "days=1&userId=x", "userId=1", "days=--1")) {
      QueryTester.Reply reply = api.get("/v1/runs/usage?" + query);
      assertEquals(400, reply.status(), query);
      assertEquals("{\"message\":\"Invalid query parameters\"}", reply.body());
    }
    assertEquals(401, api.getAnonymously("/v1/runs/usage?days=1").status());
    assertEquals(401, api.get("/v1/runs/usage?days=1", QueryTester.PROJECT).status());
  }

  private void insert() {
    String yesterday = YESTERDAY.plusSeconds(60).toString();
    api.run(
        A,
        "llm",
        yesterday,
        "name",
        "gpt-4o",
        "status",
        "success",
        "prompt_tokens",
        "20",
        "completion_tokens",
        "10",
        "cost",
        "0.0130",
        "ended_at",
        yesterday);
    api.run(
        B,
        "llm",
        DAY.toString(),
        "name",
        "gpt-4o",
        "status",
        "error",
        "prompt_tokens",
        "10",
        "completion_tokens",
        "1",
        "cost",
        "0.000125",
        "external_user_id",
        "5");
    api.run(C, "agent", yesterday, "status", "started");
    api.insert(
        "run", "project_id", QueryTester.SIBLING, "id", A, "type", "llm", "created_at", yesterday);
    api.run("dddddddd-0000-4000-8000-000000000004", "llm", yesterday, "is_deleted", "true");
  }
}
