package io.bincard.projections.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves the page and its three parts, and tells browsers to take nothing else for them. */
@RestController
final class StockPageController {

  /** Scripts, styles and data of this server alone, and no page around this one. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private final Part html = Part.of("stock.html", "text/html;charset=UTF-8");
  private final Part css = Part.of("stock.css", "text/css;charset=UTF-8");
  private final Part script = Part.of("stock.js", "text/javascript;charset=UTF-8");
  private final Part icon = Part.of("stock.svg", "image/svg+xml");

  @SuppressWarnings("ArrayRecordComponent") // written once, never compared
  private record Part(MediaType type, byte[] bytes, String tag) {

    static Part of(String name, String type) {
      try (InputStream file = StockPageController.class.getResourceAsStream(name)) {
        if (file == null) {
          throw new IllegalStateException(name + " is missing");
        }
        byte[] bytes = file.readAllBytes();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
        return new Part(
            MediaType.parseMediaType(type), bytes, HexFormat.of().formatHex(hash, 0, 16));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    ResponseEntity<byte[]> answer() {
      return ResponseEntity.ok()
          .contentType(type)
          .cacheControl(CacheControl.noCache()) // asked for again, and not sent again
          .eTag(tag)
          .header("Content-Security-Policy", POLICY)
          .header("X-Content-Type-Options", "nosniff")
          .header("Referrer-Policy", "no-referrer")
          .body(bytes);
    }
  }

  /** Who names nothing gets the page, which leads to the description of the routes. */
  @GetMapping("/")
  ResponseEntity<Void> start() {
    return ResponseEntity.status(HttpStatus.FOUND).location(URI.create("stock.html")).build();
  }

  @GetMapping("/stock.html")
  ResponseEntity<byte[]> page() {
    return html.answer();
  }

  @GetMapping("/stock.css")
  ResponseEntity<byte[]> style() {
    return css.answer();
  }

  @GetMapping("/stock.js")
  ResponseEntity<byte[]> script() {
    return script.answer();
  }

  @GetMapping("/stock.svg")
  ResponseEntity<byte[]> icon() {
    return icon.answer();
  }
}
