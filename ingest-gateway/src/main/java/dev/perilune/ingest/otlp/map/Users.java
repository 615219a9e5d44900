package dev.perilune.ingest.otlp.map;

import dev.perilune.ingest.otlp.map.Keys.Key;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who used the application: their id in it, and what it knows of them. */
record Users(@Nullable String id, Map<String, Object> props) {
  private static final String OWN = "lunary.user.";
  private static final Keys OWN_PROPS = Keys.of("lunary.user.props", "aimeta.lunary_user_props");
  private static final List<String> USUAL = List.of("user.email", "user.name", "user.full_name");

  static Users of(Attributes attributes) {
    String id = attributes.text(GenAiKeys.USER);
    if (id == null) {
      return new Users(null, Map.of());
    }
    Map<String, Object> props = new LinkedHashMap<>();
    for (Key key : OWN_PROPS.all()) {
      Map<String, Object> map = Coerce.map(attributes.get(key));
      if (map != null) {
        attributes.use(key.whole());
        map.forEach(props::putIfAbsent);
      }
    }
    attributes.each(
        OWN,
        (key, value) -> {
          String name = key.substring(OWN.length());
          if (!List.of("id", "props").contains(name)) {
            attributes.use(key);
            props.putIfAbsent(name, value);
          }
        });
    for (String key : USUAL) {
      Object value = attributes.get(key);
      if (value != null) {
        attributes.use(key);
        props.putIfAbsent(key.substring("user.".length()), value);
      }
    }
    return new Users(id, props);
  }
}
