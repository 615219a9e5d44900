package dev.perilune.query.analytics.days;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the runs of each user come to. */
public final class UserSums {

  private UserSums() {}

  /**
   * One user's sums.
   *
   * @param user internal id
   * @param cost in US dollars, exact
   */
  public record Sum(long user, long runs, BigDecimal cost) {}

  /**
   * Something to sum up.
   *
   * @param sign 1, or -1 to take it away
   */
  public record Part(int sign, UserRows rows) {}

  /** The sums of all who have a run, in no order. Takes milliseconds. */
  public static List<Sum> of(List<Part> parts) {
    IdPlaces users = new IdPlaces();
    List<int[]> places = parts.stream().map(part -> places(users, part.rows())).toList();
    long[] runs = new long[users.size()];
    for (int i = 0; i < parts.size(); i++) {
      UserRows rows = parts.get(i).rows();
      for (int row = 0; row < rows.size(); row++) {
        runs[places.get(i)[row]] += parts.get(i).sign() * rows.runs(row);
      }
    }
    BigDecimal[] costs = costs(parts, places, users.size());
    List<Sum> sums = new ArrayList<>(users.size());
    for (int place = 0; place < users.size(); place++) {
      if (runs[place] > 0) {
        sums.add(new Sum(users.id(place), runs[place], costs[place]));
      }
    }
    return sums;
  }

  private static int[] places(IdPlaces users, UserRows part) {
    int[] places = new int[part.size()];
    for (int row = 0; row < places.length; row++) {
      places[row] = users.of(part.user(row));
    }
    return places;
  }

  private static BigDecimal[] costs(List<Part> parts, List<int[]> places, int users) {
    BigDecimal[] costs = new BigDecimal[users];
    try {
      int scale = parts.stream().mapToInt(part -> part.rows().costs().scale()).max().orElse(0);
      long[] units = new long[users];
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        part.rows().costs().addTo(units, places.get(i), scale, part.sign());
      }
      for (int place = 0; place < users; place++) {
        costs[place] = BigDecimal.valueOf(units[place], scale);
      }
    } catch (ArithmeticException tooManyDigits) {
      addLarge(costs, parts, places);
    }
    return costs;
  }

  private static void addLarge(BigDecimal[] costs, List<Part> parts, List<int[]> places) {
    Arrays.fill(costs, BigDecimal.ZERO);
    for (int i = 0; i < parts.size(); i++) {
      Costs amounts = parts.get(i).rows().costs();
      BigDecimal sign = BigDecimal.valueOf(parts.get(i).sign());
      for (int row = 0; row < places.get(i).length; row++) {
        int place = places.get(i)[row];
        costs[place] = costs[place].add(amounts.at(row).multiply(sign));
      }
    }
  }
}
