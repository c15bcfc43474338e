package io.bincard.application.page;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One tab of a browser, spoken to in the DevTools protocol. */
final class Tab implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int PATIENCE_SECONDS = 30;

  private final WebSocket socket;
  private final AtomicLong asked = new AtomicLong();
  private final Map<Long, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  Tab(HttpClient http, URI address) {
    socket = http.newWebSocketBuilder().buildAsync(address, new Messages()).join();
    for (String domain : List.of("Page", "Runtime", "Log")) {
      ask(domain + ".enable", Map.of());
    }
  }

  private final class Messages implements WebSocket.Listener {

    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        JsonNode whole = JSON.readTree(message.toString());
        message.setLength(0);
        take(whole);
      }
      webSocket.request(1);
      return CompletableFuture.completedStage(null);
    }
  }

  private void take(JsonNode message) {
    if (message.has("id")) {
      CompletableFuture<JsonNode> answer = answers.remove(message.path("id").asLong());
      if (answer != null) {
        answer.complete(message);
      }
      return;
    }
    switch (message.path("method").asString()) {
      case "Runtime.exceptionThrown" ->
          complaints.add(message.at("/params/exceptionDetails").toString());
      case "Log.entryAdded" -> {
        JsonNode entry = message.at("/params/entry");
        if (entry.path("level").asString().equals("error")) {
          complaints.add(entry.path("source").asString() + ": " + entry.path("text").asString());
        }
      }
      default -> {}
    }
  }

  private JsonNode ask(String method, Map<String, ?> parameters) {
    long id = asked.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    String json = JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters));
    socket.sendText(json, true).join();
    JsonNode told = answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    if (told.has("error")) {
      throw new AssertionError(method + ": " + told.path("error"));
    }
    return told.path("result");
  }

  /** A screen of so many pixels, light or dark. */
  void screen(int width, int height, boolean isDark) {
    ask(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    Map<String, String> scheme =
        Map.of("name", "prefers-color-scheme", "value", isDark ? "dark" : "light");
    ask("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
  }

  void show(URI address) {
    ask("Page.navigate", Map.of("url", address.toString()));
  }

  /** What {@code script}, an expression, comes to, as text. */
  String eval(String script) {
    JsonNode told = ask("Runtime.evaluate", Map.of("expression", script, "returnByValue", true));
    if (told.has("exceptionDetails")) {
      throw new AssertionError(script + ": " + told.path("exceptionDetails"));
    }
    return told.at("/result/value").asString("");
  }

  /** The text of the element that {@code selector} finds, empty if there is none. */
  String text(String selector) {
    return eval(
        "document.querySelector(" + JSON.writeValueAsString(selector) + ")?.innerText ?? ''");
  }

  /** What the page got wrong: errors of scripts, and what its policy forbade. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** A picture of what is on the screen. */
  void picture(Path file) throws IOException {
    String data = ask("Page.captureScreenshot", Map.of("format", "png")).path("data").asString();
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode(data));
  }

  @Override
  public void close() {
    socket.abort();
  }
}
