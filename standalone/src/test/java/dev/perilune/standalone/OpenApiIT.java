package dev.perilune.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.perilune.testkit.KafkaExtension;
import dev.perilune.testkit.PostgresExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Holds the description of the routes against the routes, and back. */
class OpenApiIT {

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Pattern FILE = Pattern.compile("(?:href|src)=\"(docs/[^\"]+)\"");

  private static final Pattern DOCUMENT = Pattern.compile("url: '([^']+)'");

  private static ProductRoutes product;

  @BeforeAll
  static void start() {
    product = ProductRoutes.start(POSTGRES.databaseUrl(), KAFKA.bootstrapServers());
  }

  @AfterAll
  static void stop() {
    product.close();
  }

  @Test
  void everyRouteIsDescribedAndEveryDescriptionHasARoute() throws Exception {
    Set<String> described = new TreeSet<>();
    JsonNode document = new ObjectMapper().readTree(get("/v1/openapi").body());
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    Set<String> routes = new TreeSet<>();
    product
        .endpoints()
        .forEach(route -> routes.add(route.toString().replaceAll(":(\\w+)", "{$1}")));

    Set<String> missing = new TreeSet<>(routes);
    missing.removeAll(described);
    assertEquals(Set.of(), missing, "routes without a description in openapi/*.yaml");
    described.removeAll(routes);
    assertEquals(Set.of(), described, "descriptions in openapi/*.yaml without a route");
  }

  @Test
  void thePageBringsAllThatItNeeds() throws Exception {
    String page = get("/v1/openapi/docs").body();
    var files = FILE.matcher(page).results().map(file -> file.group(1)).toList();
    assertEquals(4, files.size(), page);
    for (String file : files) {
      HttpResponse<String> answer = get("/v1/openapi/" + file);
      assertEquals(200, answer.statusCode(), file);
      assertTrue(answer.body().length() > 10, file);
    }
    assertFalse(page.contains("http"), page);
    Matcher document = DOCUMENT.matcher(get("/v1/openapi/docs/docs.js").body());
    assertTrue(document.find());
    assertEquals(
        "/v1/openapi", URI.create("/v1/openapi/docs").resolve(document.group(1)).getPath());
    assertEquals(404, get("/v1/openapi/docs/other.js").statusCode());
    assertEquals(404, get("/v1/openapi/docs/..%2Fdocs.html").statusCode());
  }

  private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(product.url() + path)).build(), BodyHandlers.ofString());
  }
}
