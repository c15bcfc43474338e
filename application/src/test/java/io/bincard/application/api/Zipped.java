package io.bincard.application.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/** Bytes in gzip. */
final class Zipped {

  private Zipped() {}

  /** One member that holds {@code plain}. */
  static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(plain);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return zipped.toByteArray();
  }
}
