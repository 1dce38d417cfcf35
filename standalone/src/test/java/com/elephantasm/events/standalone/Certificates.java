package com.elephantasm.events.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority with what it has signed, as PKCS12 for the broker and PEM for everybody else. */
final class Certificates {
  static final String PASSWORD = "changeit";
  private final Path folder;
  private final Path store;

  Certificates(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
    this.folder = folder;
    this.store = folder.resolve("all.p12");
    keytool("-genkeypair", "-alias", "ca", "-dname", "CN=test authority", "-ext", "bc:c");
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", load().getCertificate("ca"));
    try (var out = Files.newOutputStream(trustStore())) {
      trusted.store(out, PASSWORD.toCharArray());
    }
    write(authority(), pem("CERTIFICATE", load().getCertificate("ca").getEncoded()));
  }

  /** @param name its common name */
  void sign(String name) throws IOException, InterruptedException, GeneralSecurityException {
    keytool("-genkeypair", "-alias", name, "-dname", "CN=" + name, "-signer", "ca", "-ext",
        "san=dns:localhost,ip:127.0.0.1");
    KeyStore all = load();
    Key key = all.getKey(name, PASSWORD.toCharArray());
    Certificate[] chain = all.getCertificateChain(name);
    write(certificate(name), pem("CERTIFICATE", chain[0].getEncoded()));
    write(key(name), pem("PRIVATE KEY", key.getEncoded()));
    write(derKey(name), key.getEncoded());
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry(name, key, PASSWORD.toCharArray(), chain);
    try (var out = Files.newOutputStream(keyStore(name))) {
      own.store(out, PASSWORD.toCharArray());
    }
  }

  Path authority() {
    return folder.resolve("ca.pem");
  }

  Path trustStore() {
    return folder.resolve("ca.p12");
  }

  Path certificate(String name) {
    return folder.resolve(name + ".pem");
  }

  Path key(String name) {
    return folder.resolve(name + ".key");
  }

  Path derKey(String name) {
    return folder.resolve(name + ".pk8");
  }

  Path keyStore(String name) {
    return folder.resolve(name + ".p12");
  }

  private KeyStore load() throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(
        List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2", "-keystore", store.toString(),
        "-storetype", "PKCS12", "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(output);
    }
  }

  private static byte[] pem(String type, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %1$s-----\n"
        .formatted(type, Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(content))
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** PostgreSQL and its driver take no key that others may read. */
  private static void write(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }
}
