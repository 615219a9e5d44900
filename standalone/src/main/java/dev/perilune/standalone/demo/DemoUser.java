package dev.perilune.standalone.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** A made-up customer of the made-up applications. */
record DemoUser(String id, String name, String plan, String country) {
  private static final List<String> FIRST_NAMES =
      List.of("Ada", "Bjorn", "Chidi", "Daria", "Emil", "Fatou", "Goro", "Hanna", "Ivo", "Jun");
  private static final List<String> LAST_NAMES =
      List.of("Alder", "Birk", "Cole", "Dahl", "Eze", "Fuchs", "Grau", "Hill", "Ito", "Jansen");
  private static final List<String> PLANS = List.of("free", "free", "free", "team", "company");
  private static final List<String> COUNTRIES = List.of("DE", "FR", "GB", "JP", "NG", "SE", "US");

  /** Everybody that first and last names make, in a fixed order. */
  static List<DemoUser> all(Random random) {
    List<DemoUser> users = new ArrayList<>();
    for (String last : LAST_NAMES) {
      for (String first : FIRST_NAMES) {
        users.add(
            new DemoUser(
                (first + "." + last).toLowerCase(Locale.ROOT),
                first + " " + last,
                PLANS.get(random.nextInt(PLANS.size())),
                COUNTRIES.get(random.nextInt(COUNTRIES.size()))));
      }
    }
    return users;
  }

  void describe(ObjectNode event) {
    event.put("userId", id);
    event
        .putObject("userProps")
        .put("name", name)
        .put("email", id + "@example.com")
        .put("plan", plan)
        .put("country", country);
  }
}
