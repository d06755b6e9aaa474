# The controller as an image. How to run it is in README.md.
# NODE_IMAGE may be any image with node 20.19 or later, npm and /bin/sh; both stages stand on it.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package of ours needs its install script: the native parts of ssh2 are optional.
RUN npm ci --ignore-scripts
COPY tsconfig.json biome.json .gitignore ./
COPY scripts ./scripts
COPY schemas ./schemas
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM ${NODE_IMAGE}
# By this label a controller on the host, and the command beside it, finds the one in a container.
LABEL io.alicia.controller="true" \
      org.opencontainers.image.title="Alicia Orchestrator" \
      org.opencontainers.image.description="A declarative reconciler for a plain Docker host"
ENV NODE_ENV=production \
    ALICIA_MANIFESTS=/manifests
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/schemas ./schemas
COPY --from=build /app/dist ./dist
COPY scripts/container-health.mjs ./
RUN ln -s /app/dist/main.js /usr/local/bin/alicia
VOLUME /manifests
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 CMD ["node", "/app/container-health.mjs"]
# Node is process 1 and gets SIGTERM itself. It runs as root, because the Docker socket is root's.
ENTRYPOINT ["alicia"]
CMD ["run", "/manifests"]
