# The images of both services, from nothing but the checkout:
#   docker build --target ingest-api -t elephantasm/ingest-api .
#   docker build --target event-writer -t elephantasm/event-writer .
# Only what every builder of Docker knows, the one before BuildKit too.

FROM eclipse-temurin:25-jdk AS poms
COPY . /build
RUN cd /build && find . -type f ! -name pom.xml ! -name mvnw ! -path './.mvn/*' -delete && find . -type d -empty -delete

FROM eclipse-temurin:25-jdk AS build
COPY deploy/ca deploy/build/trust.sh /usr/local/share/ca-certificates/
RUN sh /usr/local/share/ca-certificates/trust.sh
WORKDIR /build
# Without sources there is nothing to build but much to download: this stays in Docker's cache until a pom.xml changes.
COPY --from=poms /build ./
RUN ./mvnw -B -ntp -q -pl ingest-api,event-writer,standalone -am package -DskipTests -Dspring-boot.repackage.skip
COPY . ./
RUN ./mvnw -B -ntp -q -pl ingest-api,event-writer,standalone -am package -DskipTests

FROM eclipse-temurin:25-jre AS runtime
RUN groupadd --gid 10001 elephantasm && useradd --uid 10001 --gid elephantasm --create-home elephantasm
COPY deploy/build/ready.sh /usr/local/bin/ready
# The heap's share of the container's memory, and a collector that does not depend on it: below 2 processors or 1792 MB the JVM would
# take Serial. An environment variable of this name replaces all of it; flags of native access must stay as they are for the AOT cache.
ENV JDK_JAVA_OPTIONS="-XX:+UseParallelGC -XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
WORKDIR /app

FROM runtime AS trained
RUN mkdir /layers && chown elephantasm /app /layers
USER elephantasm
COPY --from=build /build/ingest-api/target/ingest-api-*-exec.jar /tmp/ingest-api.jar
COPY --from=build /build/event-writer/target/event-writer-*-exec.jar /tmp/event-writer.jar
COPY --from=build /build/standalone/target/elephantasm-events.jar /tmp/standalone.jar
RUN for service in ingest-api event-writer; do \
      java -Djarmode=tools -jar /tmp/$service.jar extract --layers --destination /layers/$service && \
      mkdir /app/$service && for layer in /layers/$service/*; do cp -a $layer/. /app/$service/; done || exit 1; \
    done
COPY deploy/build/train.sh /tmp/train.sh
RUN timeout 600 /tmp/train.sh

FROM runtime AS ingest-api
COPY --from=trained --chown=root:root /layers/ingest-api/dependencies/ ./
COPY --from=trained --chown=root:root /layers/ingest-api/snapshot-dependencies/ ./
COPY --from=trained --chown=root:root /layers/ingest-api/application/ ./
COPY --from=trained --chown=root:root /app/ingest-api/app.aot ./
USER elephantasm
ENV SERVER_ADDRESS=0.0.0.0
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=4s --start-period=180s --retries=3 CMD ["ready", "8080"]
ENTRYPOINT ["java", "-XX:AOTCache=app.aot", "-jar", "ingest-api.jar"]

FROM runtime AS event-writer
COPY --from=trained --chown=root:root /layers/event-writer/dependencies/ ./
COPY --from=trained --chown=root:root /layers/event-writer/snapshot-dependencies/ ./
COPY --from=trained --chown=root:root /layers/event-writer/application/ ./
COPY --from=trained --chown=root:root /app/event-writer/app.aot ./
USER elephantasm
ENV SERVER_ADDRESS=0.0.0.0
EXPOSE 8081
HEALTHCHECK --interval=5s --timeout=4s --start-period=180s --retries=3 CMD ["ready", "8081"]
ENTRYPOINT ["java", "-XX:AOTCache=app.aot", "-jar", "event-writer.jar"]
