# One file for all images: `docker build --target gateway .`, or all of them by docker-compose.yml.
#
# `build` compiles everything once, the dependencies in a layer of their own; each of the last stages is one program on a
# base without a shell or a package manager, run by a user who is not root. Plain syntax on purpose: the builder of
# older engines, which docker-compose 1.29 uses, reads it too.
#
#   PROFILE   release, or dev: quicker to build, slower to run
#   BUILDER   the Rust of rust-toolchain.toml
#   BASE      what a C library needs, and nothing that could be started
#   REVISION  the commit that it is built of: it stands in the image's labels
ARG BUILDER=rust:1.95-bookworm
ARG BASE=gcr.io/distroless/cc-debian12:nonroot

# The manifests, and an empty source wherever cargo wants to find one. Its result is the same whatever happens inside
# the sources, and so is the layer below that is made from it.
FROM ${BUILDER} AS skeleton
COPY . /src
WORKDIR /src
RUN mkdir /skeleton \
    && find . -name Cargo.toml -exec cp --parents {} /skeleton/ \; \
    && cp Cargo.lock /skeleton/ \
    && cd /skeleton \
    && (cd /src && find . -path '*/src/lib.rs') | while read -r file; do \
         mkdir -p "$(dirname "$file")" && : > "$file"; done \
    && (cd /src && find . -path '*/src/main.rs' -o -path '*/src/*/main.rs' -o -path '*/src/bin/*.rs' \
         -o -path '*/benches/*.rs' -o -name build.rs) | while read -r file; do \
         mkdir -p "$(dirname "$file")" && echo 'fn main() {}' > "$file"; done

FROM ${BUILDER} AS build
ARG PROFILE=release
# An image is built from nothing each time: what cargo keeps for a next build would only be carried along. The release
# profile has no symbols by itself.
ENV CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=false CARGO_PROFILE_DEV_STRIP=symbols CARGO_TARGET_DIR=/target
# By packages, so that no other member's features are built in; by programs, so that `lab` is not linked.
ENV PACKAGES="-p gateway -p auth-service -p catalog-service -p booking-service -p payment-service -p escale-lab"
ENV PROGRAMS="gateway auth-service catalog-service booking-service payment-service test-bank escale-prepare"
WORKDIR /src
COPY --from=skeleton /skeleton ./
RUN cargo build --locked --profile ${PROFILE} ${PACKAGES} $(printf ' --bin %s' ${PROGRAMS})
COPY service-kit service-kit
COPY schemas schemas
COPY gateway gateway
COPY auth-service auth-service
COPY catalog-service catalog-service
COPY booking-service booking-service
COPY payment-service payment-service
COPY lab lab
COPY exercises exercises
# cargo compares times: these sources may be older than the empty ones that were just built.
RUN find . -name '*.rs' -exec touch {} + \
    && cargo build --locked --profile ${PROFILE} ${PACKAGES} $(printf ' --bin %s' ${PROGRAMS}) \
    && mkdir -p /out/data /out/secrets/authority \
    && for folder in gateway auth catalog booking payment bank postgres redis public; do mkdir /out/secrets/$folder; done \
    && for program in ${PROGRAMS}; do \
         cp "/target/$(echo ${PROFILE} | sed s/^dev$/debug/)/$program" /out/; done

FROM ${BASE} AS service
ARG BASE
ARG VERSION=0.1.0
ARG REVISION=unknown
# What an image is of, for who finds it running and has to know whether a fault is in it.
LABEL org.opencontainers.image.title="Escale" \
      org.opencontainers.image.description="A tourism-booking platform that shows how to secure APIs" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${BASE}"
# Where a service writes, if it writes at all: a volume is put here. The rest of the file system may be read-only.
COPY --from=build --chown=65532:65532 /out/data /var/lib/escale
WORKDIR /var/lib/escale
USER 65532:65532
# Running requests finish: each program handles the signal itself, as the first process of its container.
STOPSIGNAL SIGTERM

FROM service AS gateway
COPY --from=build /out/gateway /usr/local/bin/
ENV LISTEN_ADDR=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 CMD ["/usr/local/bin/gateway", "health"]
ENTRYPOINT ["/usr/local/bin/gateway"]

FROM service AS auth
COPY --from=build /out/auth-service /usr/local/bin/
ENV LISTEN_ADDR=0.0.0.0:3001
EXPOSE 3001
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 CMD ["/usr/local/bin/auth-service", "health"]
ENTRYPOINT ["/usr/local/bin/auth-service"]

FROM service AS catalog
COPY --from=build /out/catalog-service /usr/local/bin/
ENV LISTEN_ADDR=0.0.0.0:3002
EXPOSE 3002
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 CMD ["/usr/local/bin/catalog-service", "health"]
ENTRYPOINT ["/usr/local/bin/catalog-service"]

FROM service AS booking
COPY --from=build /out/booking-service /usr/local/bin/
ENV LISTEN_ADDR=0.0.0.0:3003
EXPOSE 3003
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 CMD ["/usr/local/bin/booking-service", "health"]
ENTRYPOINT ["/usr/local/bin/booking-service"]

FROM service AS payment
COPY --from=build /out/payment-service /usr/local/bin/
ENV LISTEN_ADDR=0.0.0.0:3004
EXPOSE 3004
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 CMD ["/usr/local/bin/payment-service", "health"]
ENTRYPOINT ["/usr/local/bin/payment-service"]

FROM service AS bank
COPY --from=build /out/test-bank /usr/local/bin/
ENV LISTEN_ADDR=0.0.0.0:3005
EXPOSE 3005
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 CMD ["/usr/local/bin/test-bank", "health"]
ENTRYPOINT ["/usr/local/bin/test-bank"]

# Certificates, keys, passwords and accounts, once before everything else. The folders are the ones that volumes are put
# over: a new volume takes their owner.
FROM service AS prepare
COPY --from=build /out/escale-prepare /usr/local/bin/
COPY --from=build --chown=65532:65532 /out/secrets /secrets
ENTRYPOINT ["/usr/local/bin/escale-prepare"]
