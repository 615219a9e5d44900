package dev.perilune.standalone;

import dev.perilune.model.RunIds;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** What every start prints: where it is, the keys, and commands that work as pasted. */
final class Welcome {
  private Welcome() {}

  /**
   * The text.
   *
   * @param now when the printed run is said to have ended
   */
  static String text(Standalone standalone, Duration took, Instant now) {
    String runId = "hello-" + now.getEpochSecond();
    String url = url(standalone);
    FirstKeys keys = standalone.keys();
    String layout =
        """

        Perilune is ready (%.1f s)

          URL                %s
          API                %s/v1
          Project id         %s   (also its public key)
          Private key        %s
          Organisation key   %s
          Data folder        %s

        Send a first run, then read it back:

          curl -sS %s/v1/runs/ingest -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d '%s'

          curl -sS %s/v1/runs/%s -H 'Authorization: Bearer %s'

        An SDK needs LUNARY_API_URL=%s and LUNARY_PUBLIC_KEY=%s
        A month of example data: ./perilune demo      Stop: Ctrl-C
        """;
    return String.format(
        Locale.ROOT,
        layout,
        took.toMillis() / 1000.0,
        url,
        url,
        keys.projectId(),
        keys.privateKey(),
        keys.organisationKey(),
        standalone.settings().dataDir(),
        url,
        keys.projectId(),
        firstRun(runId, now),
        url,
        RunIds.derive(runId),
        keys.privateKey(),
        url,
        keys.projectId());
  }

  private static String url(Standalone standalone) {
    String host = standalone.settings().http().host();
    boolean isEverywhere = host.equals("0.0.0.0") || host.equals("::");
    return "http://" + (isEverywhere ? "localhost" : host) + ":" + standalone.port();
  }

  private static String firstRun(String runId, Instant end) {
    return """
        {"events":[{"type":"llm","event":"start","runId":"%1$s","timestamp":%2$d,"name":"gpt-4o",\
        "input":[{"role":"user","content":"Hello?"}]},\
        {"type":"llm","event":"end","runId":"%1$s","timestamp":%3$d,\
        "output":{"role":"assistant","content":"Hello, moon."},\
        "tokensUsage":{"prompt":9,"completion":5}}]}"""
        .formatted(runId, end.minusMillis(1200).toEpochMilli(), end.toEpochMilli());
  }
}
