package dev.perilune.runtime.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perilune.model.ProjectId;
import dev.perilune.runtime.auth.Caller.Kind;
import dev.perilune.runtime.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ApiKeysTest {

  private static final UUID KEY = UUID.fromString("ABCDEF00-1111-4111-8111-111111111111");

  private long nowNanos = 1;
  private int lookups;
  private boolean away;
  private boolean revoked;
  private final ApiKeys keys = new ApiKeys(this::lookUp, () -> nowNanos);

  private Future<Optional<Caller>> lookUp(UUID key) {
    lookups++;
    if (away) {
      return Future.failedFuture(new Problem.Unavailable("away"));
    }
    return Future.succeededFuture(
        revoked || !key.equals(KEY)
            ? Optional.empty()
            : Optional.of(new Caller(Kind.PRIVATE_KEY, new ProjectId(key), key, key)));
  }

  @Test
  void aFreshKeyIsNotAskedForAgain() {
    assertTrue(isKnown());
    pass(Duration.ofSeconds(4));
    assertTrue(isKnown());

    assertEquals(1, lookups);
  }

  @Test
  void aForgottenKeyIsAskedForAtOnce() {
    isKnown();
    revoked = true;
    keys.forget(new ProjectId(UUID.randomUUID()));
    assertTrue(isKnown());

    keys.forget(new ProjectId(KEY));

    assertFalse(isKnown());
  }

  @Test
  void anAnswerFromBeforeAForgettingIsNotRemembered() {
    Promise<Optional<Caller>> slow = Promise.promise();
    ApiKeys slowly =
        new ApiKeys(key -> lookups++ == 0 ? slow.future() : lookUp(key), () -> nowNanos);
    Future<Optional<Caller>> first = slowly.find(KEY);
    slowly.forget(new ProjectId(KEY));
    slow.complete(Optional.of(new Caller(Kind.PRIVATE_KEY, new ProjectId(KEY), KEY, KEY)));
    assertTrue(first.result().isPresent());
    revoked = true;

    assertTrue(slowly.find(KEY).result().isEmpty());
  }

  @Test
  void anAgeingKeyIsConfirmedBehindTheRequest() {
    isKnown();
    pass(Duration.ofSeconds(6));
    revoked = true;

    assertTrue(isKnown());
    assertFalse(isKnown());
    assertEquals(2, lookups);
  }

  @Test
  void aKeyUnusedForAWhileIsConfirmedBeforeItIsBelieved() {
    isKnown();
    pass(Duration.ofMinutes(2));
    revoked = true;

    assertFalse(isKnown());
  }

  @Test
  void knownKeysWorkForAnHourWhilePostgresIsAway() {
    isKnown();
    away = true;
    for (int minute = 0; minute < 59; minute++) {
      pass(Duration.ofMinutes(1));
      assertTrue(isKnown(), "minute " + minute);
    }
    pass(Duration.ofMinutes(2));

    assertInstanceOf(Problem.Unavailable.class, keys.find(KEY).cause());
  }

  @Test
  void aKeyRevokedDuringAnOutageEndsWithIt() {
    isKnown();
    away = true;
    pass(Duration.ofMinutes(30));
    assertTrue(isKnown());
    away = false;
    revoked = true;
    pass(Duration.ofMinutes(1));

    assertFalse(isKnown());
  }

  @Test
  void unknownKeysAreRememberedForTwoSeconds() {
    revoked = true;
    assertFalse(isKnown());
    revoked = false;
    assertFalse(isKnown());
    pass(Duration.ofSeconds(3));

    assertTrue(isKnown());
    assertEquals(2, lookups);
  }

  @Test
  void anUnknownKeyWhilePostgresIsAwayMayComeBack() {
    away = true;

    assertInstanceOf(Problem.Unavailable.class, keys.find(KEY).cause());
  }

  @Test
  void aFloodOfGuessesLeavesKnownKeysInPlace() {
    isKnown();
    for (int i = 0; i < 50_000; i++) {
      keys.find(new UUID(i, i));
    }
    lookups = 0;

    assertTrue(isKnown());
    assertEquals(0, lookups);
  }

  @Test
  void keysAreHashedInLowerCase() {
    // sha256sum of "abcdef00-1111-4111-8111-111111111111"
    assertEquals(EXPECTED_HASH, HexFormat.of().formatHex(ApiKeySql.hash(KEY)));
  }

  private static final String EXPECTED_HASH =
      "08f289b5316e27b5c7f253fe853a05ad5afcbf5a8a68bda109c828ec3a1c5620";

  private boolean isKnown() {
    return keys.find(KEY).result().isPresent();
  }

  private void pass(Duration time) {
    nowNanos += time.toNanos();
  }
}
