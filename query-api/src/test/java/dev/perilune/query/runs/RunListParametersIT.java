package dev.perilune.query.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunListParametersIT extends OnQueryApi {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=junk",
        "limit=-1",
        "limit=1001",
        "limit=1.5",
        "limit=99999999999",
        "limit=%31%",
        "page=-1",
        "page=x",
        "page=%zz",
        "type=%",
        "type=a%2",
        "type=%ff",
        "type=%00",
        "parentRunId=%e0%a4",
        "sortField=%",
        "cost=gt.abc",
        "cost=foo.1",
        "cost=0.5",
        "cost=gt.NaN",
        "cost=gt.1e999999999",
        "duration=gt.1s",
        "tokens=foo.gt.1",
        "tokens=gt.100",
        "messages=ge.1",
        "length=error.gt.1",
        "date=after.2024-01-01",
        "templates=abc",
        "templates=1,x",
        "feedback=up",
        "feedback=%257B%2522thumb%2522%253A%2522sideways%2522%257D",
        "string=both.contains.true.x",
        "string=any.has.true.x",
        "string=any.contains.yes.x",
        "languages=middle.en",
        "pii=maybe",
        "toxicity=input.rude",
        "sentiment=input.happy",
        "search=%00",
        "users=%ff",
        "cursor=x",
        "cursor=c3RhcnQtZGVzY3x8eA",
        "cursor=%00"
      })
  void unusableParametersAreRefusedByName(String query) {
    String name = query.substring(0, query.indexOf('='));
    for (String path : List.of("/v1/runs?", "/v1/runs/count?")) {
      var reply = api.get(path + query);
      assertEquals(422, reply.status(), reply.body());
      assertTrue(reply.body().startsWith("{\"error\":\"Error\",\"message\":\"Validation error: "));
      assertTrue(reply.body().endsWith(" at \\\"" + name + "\\\"\"}"), reply.body());
    }
  }

  @Test
  void rubbishUnderUnknownNamesIsIgnored() {
    api.run(A, "llm", NOON);
    for (String query :
        List.of(
            "x=%",
            "%",
            "&&=&",
            "checks=%zz",
            "type",
            "=",
            "limit=",
            "a=b=c",
            "cost=gt",
            "cost=.1",
            "status=",
            "date=gt")) {
      assertEquals(List.of(A), api.ids("/v1/runs?" + query), query);
    }
  }

  @Test
  void onlyAPrivateKeyOpensTheList() {
    assertEquals(401, api.getAnonymously("/v1/runs").status());
    assertEquals("Bearer", api.getAnonymously("/v1/runs").headers().get("WWW-Authenticate"));
    assertEquals(
        "{\"message\":\"This route requires a private API key\"}",
        api.get("/v1/runs", QueryTester.PROJECT).body());
    assertEquals(
        "{\"message\":\"Org API key cannot access this route\"}",
        api.get("/v1/runs/count", QueryTester.ORG_KEY).body());
    assertEquals(401, api.get("/v1/runs", C).status());
    assertEquals(401, api.get("/v1/runs", "not-a-key").status());
  }

  @Test
  void pagesFollowEachOtherWithoutGapOrOverlap() {
    api.run(A, "llm", NOON);
    api.run(B, "llm", NOON);
    api.run(C, "llm", NOON);
    assertEquals(List.of(C, B), api.ids("/v1/runs?limit=2"));
    assertEquals(List.of(A), api.ids("/v1/runs?limit=2&page=1"));
    assertEquals(
        "{\"page\":2,\"limit\":2,\"data\":[],\"nextCursor\":null}",
        api.get("/v1/runs?limit=2&page=2").body());
    assertEquals(
        "{\"page\":0,\"limit\":0,\"data\":[],\"nextCursor\":null}",
        api.get("/v1/runs?limit=0").body());
    assertEquals(List.of(), api.ids("/v1/runs?limit=1000&page=2147483647"));
  }
}
