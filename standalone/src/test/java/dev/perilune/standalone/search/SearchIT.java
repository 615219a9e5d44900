package dev.perilune.standalone.search;

import static dev.perilune.standalone.search.SearchTester.MINE;
import static dev.perilune.standalone.search.SearchTester.OTHERS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.perilune.processor.store.StoreRefused;
import dev.perilune.standalone.search.SearchTester.Stored;
import dev.perilune.testkit.PostgresExtension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Holds search to a model that looks at every text: nothing is missed and nothing is wrong. */
@TestMethodOrder(OrderAnnotation.class)
class SearchIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  private static final List<String> ALPHABETS =
      List.of(
          "abcde Fgh  ",
          "ÄäßSsİıi Σσς ",
          "北京东西 南",
          "かなカナ漢字",
          "Привет дом ",
          "สวัสดี",
          "नमस्ते ",
          "한국어 말 ",
          "🚲🙂👍🏽x ",
          "\"\\\n\t{}:a ",
          "0123456789abcdef",
          "مرحبا ");
  private static final String UNIQUE = "onlyinthisone";

  private static final List<Stored> RUNS = new ArrayList<>();
  private static final Random RANDOM = new Random(42);
  private static SearchTester tester;

  /** Some 18 segments, of which 16 are merged, and runs that are in none. */
  @BeforeAll
  static void store() throws Exception {
    tester = new SearchTester(POSTGRES.settings());
    for (int batch = 0; batch < 20; batch++) {
      List<Stored> runs = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        runs.add(run());
      }
      if (batch == 3) {
        runs.set(0, with("\"" + UNIQUE + " said\"", "\"x\""));
      }
      RUNS.addAll(runs);
      tester.add(runs);
      if (batch < 18) {
        assertEquals(20, tester.index.index(MINE));
        assertEquals(20, tester.index.index(OTHERS));
      }
    }
    assertTrue(tester.index.merge(MINE));
  }

  @AfterAll
  static void stop() throws Exception {
    tester.close();
  }

  @Test
  @Order(1)
  void aSearchFindsExactlyTheRunsWithTheText() throws Exception {
    assertEquals(
        "3", tester.text("SELECT count(*) FROM search_segment WHERE project_id = ?", MINE.value()));
    for (int look = 0; look < 60; look++) {
      String needle = needle();
      assertEquals(model(needle, ""), tester.list(needle, "", 7), "of '" + needle + "'");
      assertEquals(model(needle, "").size(), tester.count(needle), "of '" + needle + "'");
    }
  }

  @Test
  @Order(2)
  void otherFiltersAndOrdersHoldBesideASearch() throws Exception {
    for (String needle : List.of("a", "北京", "🚲", "ss", "é", "ef")) {
      assertEquals(model(needle, "tool"), tester.list(needle, "&type=tool", 5), needle);
      List<UUID> oldestFirst = new ArrayList<>(model(needle, ""));
      java.util.Collections.reverse(oldestFirst);
      assertEquals(
          oldestFirst, tester.list(needle, "&sortField=createdAt&sortDirection=asc", 9), needle);
    }
  }

  @Test
  @Order(3)
  void theAnswerTellsHowManyRunsTheIndexDoesNotKnow() throws Exception {
    assertEquals(
        40, tester.get("/v1/runs?search=" + UNIQUE).path("search").path("waiting").asLong());
  }

  @Test
  @Order(4)
  void indexingThatFailsHalfWayChangesNothing() throws Exception {
    tester.execute("ALTER TABLE search_word ADD CONSTRAINT never CHECK (false) NOT VALID");
    assertThrows(StoreRefused.class, () -> tester.index.index(MINE));
    assertEquals(40L, tester.index.waiting().get(MINE));
    tester.execute("ALTER TABLE search_word DROP CONSTRAINT never");
    assertEquals(40, tester.index.index(MINE));
    assertEquals(model("a", ""), tester.list("a", "", 50));
  }

  @Test
  @Order(5)
  void buildingTheIndexAnewChangesNoAnswer() throws Exception {
    tester.index.queueAll(MINE);
    while (tester.index.index(MINE) > 0) {
      tester.index.merge(MINE);
    }
    for (int look = 0; look < 20; look++) {
      String needle = needle();
      assertEquals(model(needle, ""), tester.list(needle, "", 50), "of '" + needle + "'");
    }
  }

  @Test
  @Order(6)
  void wordsOfForgottenRunsLeaveTheIndex() throws Exception {
    Stored gone = RUNS.get(60);
    assertEquals(List.of(gone.id()), tester.list(UNIQUE, "", 50));
    tester.execute("SELECT search_forget(?, ARRAY[?::uuid])", MINE.value(), gone.id());
    tester.execute("DELETE FROM run WHERE project_id = ? AND id = ?", MINE.value(), gone.id());
    assertEquals(List.of(), tester.list(UNIQUE, "", 50));
    assertEquals(List.of(MINE), tester.index.forgetful());
    tester.index.forget(MINE);
    String left = "SELECT count(*) FROM search_word WHERE project_id = ? AND strpos(words, ?) > 0";
    assertEquals("0", tester.text(left, MINE.value(), UNIQUE));
    assertEquals("1", tester.text(left, OTHERS.value(), UNIQUE));
    RUNS.remove(gone);
    assertEquals(model("a", ""), tester.list("a", "", 50));
  }

  @Test
  @Order(7)
  void aTextThatOnlyOlderRunsAreFullOfIsNotLookedForAmongAll() throws Exception {
    List<Stored> added = new ArrayList<>();
    for (int second = 0; second < 2500; second++) {
      String text = second < 1400 ? "\"Lantern\"" : "\"Harbour\"";
      Instant start = START.plusSeconds(86_400 + second + RANDOM.nextInt(200));
      added.add(new Stored(UUID.randomUUID(), start, "llm", text, null));
    }
    RUNS.addAll(added);
    tester.add(added);
    while (tester.index.index(MINE) > 0) {
      // until all are indexed
    }
    assertFalse(tester.isCommonAmongNewest("lantern"));
    assertTrue(tester.isCommonAmongNewest("harbour"));
    assertEquals(model("lantern", ""), tester.list("lantern", "", 150));
    assertEquals(model("harbour", ""), tester.list("harbour", "", 500));
    assertEquals(1400, tester.count("lantern"));
  }

  private static Stored run() {
    String output = RANDOM.nextInt(5) == 0 ? null : json(text());
    return with("[{\"role\":\"user\",\"content\":" + json(text()) + "}]", output);
  }

  private static Stored with(String input, String output) {
    // in time order on the whole, some late, some at the same time
    long second = RUNS.size() / 10 * 7L + RANDOM.nextInt(20) * 7L;
    int number = RANDOM.nextInt();
    UUID id = new UUID(number, RANDOM.nextLong());
    String type = number % 3 == 0 ? "tool" : "llm";
    return new Stored(id, START.plusSeconds(second), type, input, output);
  }

  private static String json(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  private static String text() {
    StringBuilder text = new StringBuilder();
    for (int piece = 1 + RANDOM.nextInt(3); piece > 0; piece--) {
      int[] points = ALPHABETS.get(RANDOM.nextInt(ALPHABETS.size())).codePoints().toArray();
      int length = RANDOM.nextInt(10) == 0 ? 120 : 12;
      for (int i = 0; i < length; i++) {
        text.appendCodePoint(points[RANDOM.nextInt(points.length)]);
      }
    }
    return text.toString();
  }

  /** Mostly a piece of a text that is there, its case changed; now and then a text of its own. */
  private static String needle() {
    Stored run = RUNS.get(RANDOM.nextInt(RUNS.size()));
    String from = run.output() == null || RANDOM.nextBoolean() ? run.input() : run.output();
    int[] points = (RANDOM.nextInt(8) == 0 ? text() : from).codePoints().toArray();
    int length = 1 + RANDOM.nextInt(Math.min(points.length, RANDOM.nextInt(8) == 0 ? 80 : 8));
    String piece = new String(points, RANDOM.nextInt(points.length - length + 1), length);
    return switch (RANDOM.nextInt(3)) {
      case 0 -> piece.toUpperCase(Locale.ROOT);
      case 1 -> piece.toLowerCase(Locale.ROOT);
      default -> piece;
    };
  }

  private static List<UUID> model(String needle, String type) throws Exception {
    String plain = tester.folded(needle);
    String quoted =
        tester.folded(new String(JsonStringEncoder.getInstance().quoteAsString(needle)));
    List<Stored> found = new ArrayList<>();
    for (Stored run : RUNS) {
      String input = tester.folded(run.input());
      String output = run.output() == null ? "" : tester.folded(run.output());
      boolean holds =
          input.contains(plain)
              || input.contains(quoted)
              || output.contains(plain)
              || output.contains(quoted);
      if (holds && (type.isEmpty() || type.equals(run.type()))) {
        found.add(run);
      }
    }
    found.sort(
        Comparator.comparing(Stored::start).thenComparing(run -> run.id().toString()).reversed());
    return found.stream().map(Stored::id).toList();
  }
}
