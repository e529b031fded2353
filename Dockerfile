# Runs the service with your own PostgreSQL: set DATABASE_URL and ENCRYPTION_KEY, and mount a folder at /data.
# The image leaves out the PostgreSQL that `npm ci` installs for a first try. Images are pinned by the digest that the
# registry lists for the version, for all platforms. `docker buildx imagetools inspect node:26-slim` prints a newer digest.

FROM node:26.8.1-slim@sha256:c0753125a3789977aefe869cbebccf70e3cfd7ea84ca48547458f02e4f1d7146 AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=optional --ignore-scripts
COPY tsconfig.json tsconfig.build.json prisma.config.ts ./
COPY scripts scripts
COPY prisma prisma
COPY src src
RUN npm run generate && npm run build && npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:26.8.1-slim@sha256:c0753125a3789977aefe869cbebccf70e3cfd7ea84ca48547458f02e4f1d7146
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY --from=build /build/prisma/migrations prisma/migrations
COPY package.json ./
# The service writes only here. The root file system may be read-only.
RUN install -d -m 700 -o node -g node /data
VOLUME /data
# The user `node` of the base image, as a number, so that Kubernetes can verify that it is not root.
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Do not start it through npm or npx: they end before the service does.
CMD ["node", "dist/main.js", "start"]
