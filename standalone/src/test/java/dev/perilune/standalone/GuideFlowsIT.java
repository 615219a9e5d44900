package dev.perilune.standalone;

import java.util.List;

/** What the guide for custom integrations tells people to send with {@code curl}. */
class GuideFlowsIT extends ReplayContract {

  @Override
  List<String> names() {
    return List.of(
        "guide/single-call",
        "guide/additional-data",
        "guide/error",
        "guide/feedback",
        "guide/basic-trace",
        "guide/advanced-trace");
  }
}
