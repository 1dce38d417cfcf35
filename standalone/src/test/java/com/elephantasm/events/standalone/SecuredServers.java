package com.elephantasm.events.standalone;

import com.elephantasm.events.embedded.EmbeddedKafka;
import com.elephantasm.events.embedded.EmbeddedPostgres;
import com.elephantasm.events.embedded.Ports;
import com.nimbusds.jose.JOSEException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A Kafka that lets nobody in without a login and a right (SCRAM, OAUTHBEARER, client certificates, all with TLS), and a PostgreSQL
 * with TLS. The topics, rights and roles are those of {@link SecurityPage}.
 */
final class SecuredServers implements AutoCloseable {
  static final String PASSWORD = "secret";
  private static final String SASL = "org.apache.kafka.common.security.";

  private final Certificates certificates;
  private final TokenIssuer issuer;
  private final EmbeddedKafka kafka;
  private final EmbeddedPostgres postgres;
  private final Admin admin;
  private final int scram = Ports.anyFree();
  private final int oauth = Ports.anyFree();
  private final int mtls = Ports.anyFree();

  SecuredServers(Path folder)
      throws IOException, InterruptedException, ExecutionException, SQLException, GeneralSecurityException,
      JOSEException {
    certificates = new Certificates(folder);
    certificates.sign("server");
    certificates.sign("event-writer");
    certificates.sign("elephantasm_writer");
    issuer = new TokenIssuer();
    kafka = EmbeddedKafka.start(new EmbeddedKafka.Settings(folder.resolve("kafka"), 0, broker()));
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    prepareKafka();
    postgres = EmbeddedPostgres.start(new EmbeddedPostgres.Settings(folder.resolve("postgres"), 0));
    preparePostgres(folder.resolve("postgres"));
  }

  /** As whoever may do everything: that is who comes without TLS. */
  Admin admin() {
    return admin;
  }

  private Map<String, String> broker() {
    String hosts = "SCRAM://127.0.0.1:%d,OAUTH://127.0.0.1:%d,MTLS://127.0.0.1:%d".formatted(scram, oauth, mtls);
    return Map.ofEntries(Map.entry("listeners", hosts), Map.entry("advertised.listeners", hosts),
        Map.entry("listener.security.protocol.map", "SCRAM:SASL_SSL,OAUTH:SASL_SSL,MTLS:SSL"),
        Map.entry("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
        Map.entry("super.users", "User:ANONYMOUS"),
        Map.entry("ssl.keystore.location", certificates.keyStore("server").toString()),
        Map.entry("ssl.keystore.type", "PKCS12"), Map.entry("ssl.keystore.password", Certificates.PASSWORD),
        Map.entry("ssl.key.password", Certificates.PASSWORD),
        Map.entry("ssl.truststore.location", certificates.trustStore().toString()),
        Map.entry("ssl.truststore.type", "PKCS12"), Map.entry("ssl.truststore.password", Certificates.PASSWORD),
        Map.entry("listener.name.mtls.ssl.client.auth", "required"),
        Map.entry("ssl.principal.mapping.rules", "RULE:^CN=([^,]+).*$/$1/"),
        Map.entry("listener.name.scram.sasl.enabled.mechanisms", "SCRAM-SHA-512"),
        Map.entry("listener.name.scram.scram-sha-512.sasl.jaas.config", SASL + "scram.ScramLoginModule required;"),
        Map.entry("listener.name.oauth.sasl.enabled.mechanisms", "OAUTHBEARER"),
        Map.entry("listener.name.oauth.oauthbearer.sasl.jaas.config",
            SASL + "oauthbearer.OAuthBearerLoginModule required;"),
        Map.entry("listener.name.oauth.oauthbearer.sasl.server.callback.handler.class",
            SASL + "oauthbearer.OAuthBearerValidatorCallbackHandler"),
        Map.entry("listener.name.oauth.sasl.oauthbearer.jwks.endpoint.url", issuer.keys()),
        Map.entry("listener.name.oauth.sasl.oauthbearer.expected.audience", TokenIssuer.AUDIENCE));
  }

  private void prepareKafka() throws ExecutionException, InterruptedException {
    SecurityPage page = new SecurityPage();
    admin.createTopics(page.topics()).all().get();
    admin.createAcls(page.accessControl()).all().get();
    ScramCredentialInfo scramOf = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
    admin.alterUserScramCredentials(Stream.of("ingest-api", "event-writer", "operator", "producer")
        .<UserScramCredentialAlteration>map(
            user -> new UserScramCredentialUpsertion(user, scramOf, PASSWORD))
        .toList()).all().get();
  }

  private void preparePostgres(Path data) throws IOException, SQLException {
    List<List<String>> sql = new SecurityPage().sql();
    Path rules = data.resolve("pg_hba.conf");
    Files.writeString(rules, """
        hostssl elephantasm elephantasm_writer 127.0.0.1/32 scram-sha-256
        hostssl elephantasm certificate_writer 127.0.0.1/32 cert map=certificates
        """ + Files.readString(rules));
    Files.writeString(data.resolve("pg_ident.conf"), "certificates elephantasm_writer certificate_writer\n");
    try (Connection connection = superuser(data, "postgres"); Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE elephantasm");
      for (String each : sql.get(0)) {
        statement.execute(each.replace("change-me", PASSWORD));
      }
      // Another login with the writer's rights and without a password.
      statement.execute("CREATE ROLE certificate_writer LOGIN IN ROLE elephantasm_writer");
      statement.execute("ALTER SYSTEM SET ssl_cert_file = '%s'".formatted(certificates.certificate("server")));
      statement.execute("ALTER SYSTEM SET ssl_key_file = '%s'".formatted(certificates.key("server")));
      statement.execute("ALTER SYSTEM SET ssl_ca_file = '%s'".formatted(certificates.authority()));
      statement.execute("ALTER SYSTEM SET ssl = on");
      statement.execute("SELECT pg_reload_conf()");
    }
    try (Connection connection = superuser(data, "elephantasm"); Statement statement = connection.createStatement()) {
      for (String each : sql.get(1)) {
        statement.execute(each);
      }
    }
  }

  private Connection superuser(Path data, String database) throws SQLException, IOException {
    Properties login = new Properties();
    login.setProperty("user", "postgres");
    login.setProperty("password", Files.readString(data.resolve("superuser.password")).strip());
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:%d/%s".formatted(postgres.port(), database), login);
  }

  Connection connect(String role) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", role);
    login.setProperty("password", PASSWORD);
    return DriverManager.getConnection(jdbcUrl(), login);
  }

  /** With TLS, and a server that must be who it says. */
  String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:%d/elephantasm?sslmode=verify-full&sslrootcert=%s".formatted(postgres.port(),
        certificates.authority());
  }

  List<String> database(String password) {
    return List.of("--spring.datasource.url=" + jdbcUrl(), "--spring.datasource.username=elephantasm_writer",
        "--spring.datasource.password=" + password, "--spring.flyway.user=elephantasm_owner",
        "--spring.flyway.password=" + password, "--elephantasm.replay.runs=false");
  }

  List<String> databaseByCertificate() {
    return List.of(
        "--spring.datasource.url=%s&sslcert=%s&sslkey=%s".formatted(jdbcUrl(),
            certificates.certificate("elephantasm_writer"), certificates.derKey("elephantasm_writer")),
        "--spring.datasource.username=certificate_writer", "--spring.datasource.password=",
        "--spring.flyway.url=" + jdbcUrl(), "--spring.flyway.user=elephantasm_owner",
        "--spring.flyway.password=" + PASSWORD, "--elephantasm.replay.runs=false");
  }

  List<String> scram(String user, String password) {
    return sasl(scram, "SCRAM-SHA-512",
        SASL + "scram.ScramLoginModule required username=\"%s\" password=\"%s\";".formatted(user, password));
  }

  /** Of a client that is none of ours. */
  Map<String, Object> clientOf(String user) {
    return Map.of("bootstrap.servers", "127.0.0.1:" + scram, "security.protocol", "SASL_SSL", "sasl.mechanism",
        "SCRAM-SHA-512", "sasl.jaas.config",
        SASL + "scram.ScramLoginModule required username=\"%s\" password=\"%s\";".formatted(user, PASSWORD),
        "ssl.truststore.type", "PEM", "ssl.truststore.location", certificates.authority().toString());
  }

  List<String> oauth(String client) {
    List<String> settings = new ArrayList<>(
        sasl(oauth, "OAUTHBEARER", SASL + "oauthbearer.OAuthBearerLoginModule required;"));
    String credentials = "--spring.kafka.properties.sasl.oauthbearer.client.credentials.client.";
    settings.addAll(List.of(credentials + "id=" + client, credentials + "secret=" + TokenIssuer.SECRET));
    settings.add("--spring.kafka.properties.sasl.oauthbearer.token.endpoint.url=" + issuer.tokens());
    settings.add("--spring.kafka.properties.sasl.login.callback.handler.class=" + SASL
        + "oauthbearer.OAuthBearerLoginCallbackHandler");
    return settings;
  }

  List<String> mtls(String name) {
    List<String> settings = new ArrayList<>(kafka(mtls, "SSL"));
    settings.add("--spring.ssl.bundle.pem.kafka.keystore.certificate=file:" + certificates.certificate(name));
    settings.add("--spring.ssl.bundle.pem.kafka.keystore.private-key=file:" + certificates.key(name));
    return settings;
  }

  private List<String> sasl(int port, String mechanism, String jaas) {
    List<String> settings = new ArrayList<>(kafka(port, "SASL_SSL"));
    settings.add("--spring.kafka.properties.sasl.mechanism=" + mechanism);
    settings.add("--spring.kafka.properties.sasl.jaas.config=" + jaas);
    return settings;
  }

  private List<String> kafka(int port, String protocol) {
    return List.of("--spring.kafka.bootstrap-servers=127.0.0.1:" + port, "--spring.kafka.security.protocol=" + protocol,
        "--spring.kafka.ssl.bundle=kafka",
        "--spring.ssl.bundle.pem.kafka.truststore.certificate=file:" + certificates.authority());
  }

  @Override
  public void close() {
    admin.close();
    kafka.close();
    postgres.close();
    issuer.close();
  }
}
