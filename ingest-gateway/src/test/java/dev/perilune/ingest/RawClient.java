package dev.perilune.ingest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that can stop in the middle of a request to the ingest route. */
final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader in;

  RawClient(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  void head(String... headers) throws IOException {
    send(
        ("POST /v1/runs/ingest HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer "
                + GatewayTester.PRIVATE_KEY
                + "\r\n"
                + String.join("\r\n", headers)
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  int status() throws IOException {
    return Integer.parseInt(in.readLine().split(" ")[1]);
  }

  /** Reads on to the end of the answer whose status was read. */
  void skipAnswer() throws IOException {
    int length = 0;
    for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
      if (line.toLowerCase().startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    in.skip(length);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
