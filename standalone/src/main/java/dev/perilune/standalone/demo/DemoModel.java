package dev.perilune.standalone.demo;

/**
 * A model that the made-up applications call.
 *
 * @param share how often it is chosen, relative to the others
 * @param firstTokenMillis typical wait before the answer begins
 * @param millisPerToken typical time for each token of the answer
 */
record DemoModel(String name, int share, int firstTokenMillis, double millisPerToken) {
  static final DemoModel[] ALL = {
    new DemoModel("gpt-4o-mini", 34, 350, 7),
    new DemoModel("gpt-4o", 20, 550, 14),
    new DemoModel("gpt-4.1", 8, 600, 15),
    new DemoModel("claude-sonnet-4-5", 16, 800, 16),
    new DemoModel("claude-haiku-4-5", 10, 400, 8),
    new DemoModel("gemini-2.5-flash", 9, 380, 5),
    new DemoModel("in-house-llama", 3, 900, 30),
  };
}
