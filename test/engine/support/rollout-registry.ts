/**
 * A registry of images on this machine, that a test can fill and hold up.
 * Owns: answering an engine's pulls over HTTP, which every engine accepts from 127.0.0.0/8. Must not know: the program,
 * what is tested.
 */
import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** What an image is made of. */
export interface ImageContent {
  /** Its one layer, as a tar archive. */
  readonly layer: Buffer;
  readonly command: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** The engine's own word for its processor: `amd64`. */
  readonly architecture: string;
}

/** A registry that listens. */
export interface Registry {
  /** `127.0.0.1:<port>`: the first part of the names of its images. */
  readonly host: string;
  /** Puts an image in; a tag that was there before moves. */
  push(repository: string, tag: string, content: ImageContent): void;
  /** How often somebody has asked what a tag stands for. */
  asked(): number;
  /** From now on every layer is sent as far as its middle and no further. */
  stall(): void;
  /** How many layers stand still in their middle just now. */
  stalled(): number;
  /** Sends what was held back, and holds up nothing any more. */
  release(): void;
  close(): Promise<void>;
}

interface Stored {
  readonly type: string;
  readonly bytes: Buffer;
}

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const CONFIG = 'application/vnd.docker.container.image.v1+json';
const LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip';

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** An empty registry on a free port. */
export async function openRegistry(): Promise<Registry> {
  const stored = new Map<string, Stored>();
  const held = new Map<ServerResponse, Buffer>();
  let isStalling = false;
  let asked = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path === '/v2/') return void response.end('{}');
    const found = stored.get(path);
    if (found === undefined) return void response.writeHead(404).end('{"errors":[]}');
    const { type, bytes } = found;
    if (type === MANIFEST) asked += 1;
    response.writeHead(200, {
      'Content-Type': type,
      'Content-Length': bytes.length,
      'Docker-Content-Digest': digestOf(bytes),
    });
    if (request.method === 'HEAD') return void response.end();
    if (!isStalling || type !== LAYER) return void response.end(bytes);
    const middle = Math.floor(bytes.length / 2);
    response.write(bytes.subarray(0, middle));
    held.set(response, bytes.subarray(middle));
    response.once('close', () => held.delete(response));
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    host: `127.0.0.1:${port}`,
    push(repository, tag, content) {
      const { manifest, blobs } = packed(content);
      const base = `/v2/${repository}`;
      for (const blob of blobs) stored.set(`${base}/blobs/${digestOf(blob.bytes)}`, blob);
      stored.set(`${base}/manifests/${digestOf(manifest.bytes)}`, manifest);
      stored.set(`${base}/manifests/${tag}`, manifest);
    },
    asked: () => asked,
    stall: () => {
      isStalling = true;
    },
    stalled: () => held.size,
    release() {
      isStalling = false;
      for (const [response, rest] of held) response.end(rest);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An image as a registry keeps it: the manifest names the configuration and the layer by their digests. */
function packed({ layer, command, labels, architecture }: ImageContent): {
  readonly manifest: Stored;
  readonly blobs: readonly Stored[];
} {
  const config: Stored = {
    type: CONFIG,
    bytes: json({
      ...{ architecture, os: 'linux', created: '2026-01-01T00:00:00Z' },
      config: { Cmd: command, Labels: labels, Env: ['PATH=/usr/local/bin:/bin'] },
      rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
      history: [{ created: '2026-01-01T00:00:00Z', created_by: 'a test' }],
    }),
  };
  const archive: Stored = { type: LAYER, bytes: gzipSync(layer, { level: 1 }) };
  const reference = ({ type, bytes }: Stored) => ({
    ...{ mediaType: type, size: bytes.length, digest: digestOf(bytes) },
  });
  const manifest = json({
    ...{ schemaVersion: 2, mediaType: MANIFEST },
    config: reference(config),
    layers: [reference(archive)],
  });
  return { manifest: { type: MANIFEST, bytes: manifest }, blobs: [config, archive] };
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
