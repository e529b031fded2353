# The service against a PostgreSQL of your own: set DATABASE_URL and ENCRYPTION_KEY, and give it a folder at /data.
# The PostgreSQL that `npm ci` brings for a first try is left out. Images are named by their content, for all platforms:
# the digest under which the registry lists the version. `docker buildx imagetools inspect node:26-slim` prints a newer one.

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
# The one place that is written to. The root file system may be read-only.
RUN install -d -m 700 -o node -g node /data
VOLUME /data
# The user `node` of the base image, as a number, so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm or npx, which end before the service has.
CMD ["node", "dist/main.js", "start"]
