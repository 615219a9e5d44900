package dev.perilune.query.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.perilune.query.runs.QueryTester;
import dev.perilune.runtime.auth.ApiKeySql;
import dev.perilune.testkit.PostgresExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Gives each test a query API over empty collections, and keys of two organisations. */
public abstract class OnResources {

  @RegisterExtension protected static final PostgresExtension POSTGRES = new PostgresExtension();

  protected static final String ORG = "11111111-1111-4111-8111-111111111111";
  protected static final String FOREIGN_ORG = "99999999-9999-4999-8999-999999999999";
  protected static final String PROJECT = QueryTester.PROJECT;
  protected static final String PUBLIC_KEY = QueryTester.PROJECT;
  protected static final String KEY = QueryTester.PRIVATE_KEY;
  protected static final String ORG_KEY = QueryTester.ORG_KEY;

  /** Of another project of the same organisation. */
  protected static final String SIBLING_KEY = "cccccccc-cccc-4ccc-8ccc-cccccccccccc";

  /** Of a project of another organisation, and that organisation's. */
  protected static final String FOREIGN_KEY = "dddddddd-dddd-4ddd-8ddd-dddddddddddd";

  protected static final String FOREIGN_ORG_KEY = "eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee";
  protected static final String NOBODYS_ID = "12345678-1234-4234-8234-123456789012";

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  protected QueryTester api;

  /** What came back. */
  protected record Reply(int status, String body) {
    public JsonNode json() {
      return QueryTester.tree(body);
    }

    public String message() {
      return json().path("message").asText();
    }
  }

  @BeforeEach
  void startApi() {
    api = new QueryTester(POSTGRES.settings());
    key(SIBLING_KEY, "private", ORG, QueryTester.SIBLING);
    key(FOREIGN_KEY, "private", FOREIGN_ORG, QueryTester.FOREIGN);
    key(FOREIGN_ORG_KEY, "org_private", FOREIGN_ORG, null);
  }

  @AfterEach
  void stopApi() throws Exception {
    api.close();
  }

  private void key(String key, String type, String org, String project) {
    String hash = "\\x" + HexFormat.of().formatHex(ApiKeySql.hash(UUID.fromString(key)));
    api.execute(
        "INSERT INTO api_key (key_hash, hint, type, org_id, project_id) VALUES (?, 'hint', ?, ?, ?)",
        hash,
        type,
        org,
        project);
  }

  protected Reply get(String path) {
    return send("GET", path, KEY, null);
  }

  protected Reply post(String path, String body) {
    return send("POST", path, KEY, body);
  }

  protected Reply patch(String path, String body) {
    return send("PATCH", path, KEY, body);
  }

  protected Reply delete(String path) {
    return send("DELETE", path, KEY, null);
  }

  /** The JSON of an answer that must be 200. */
  protected JsonNode good(Reply reply) {
    assertEquals(200, reply.status(), reply.body());
    return reply.json();
  }

  protected Reply send(String method, String path, String key, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    try {
      HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.body());
    } catch (Exception e) {
      throw new IllegalStateException(method + " " + path, e);
    }
  }
}
